"""What a plan of looks came to, and where the replicates lie that it trained after the first look.

results/looks.json says how many replicates there are; results/looks/LOOK/RECIPE-POINT holds those
that a look added, as results/train/RECIPE-POINT holds those of the first.
"""

import shutil
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from depthgauge.artifacts.runs import FURTHER
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.outputs import intact, read_output, require_same
from depthgauge.settings.schema import Settings
from depthgauge.statistics.estimates import CONFIG
from depthgauge.statistics.looks import Ending

LOOKS = Path("results/looks.json")


@dataclass(frozen=True, config=CONFIG)
class Looks:
    """The planned numbers of replicates, those that were looked at, and why there was no more."""

    planned: list[int]
    taken: list[int]
    ended: Ending

    def __post_init__(self) -> None:
        if not self.taken or self.taken != self.planned[: len(self.taken)]:
            raise ValueError(f"{self.taken} are no first looks of {self.planned}")


_LOOKS = TypeAdapter(Looks)


def write_looks(folder: Path, looks: Looks) -> None:
    """Write looks.json; folder: the experiment's. Raises InputError if it cannot be written."""
    write_file(folder / LOOKS, json_bytes(asdict(looks)))


def read_looks(folder: Path, settings: Settings) -> Looks:
    """Raises InputError if looks.json is missing, damaged or of another plan.

    Without a plan there is one look, whether or not the file is there.
    """
    if len(settings.looks) == 1:
        return Looks(settings.looks, settings.looks, Ending.LAST)
    path = folder / LOOKS
    data = read_output(path)
    with intact(path):
        looks = _LOOKS.validate_json(data)
    require_same(path, {"replicates": looks.planned}, {"replicates": settings.looks})
    return looks


def at_last_look(folder: Path, settings: Settings) -> Settings:
    """The settings with as many replicates as there are. Raises InputError as `read_looks`."""
    return settings.at_look(read_looks(folder, settings).taken[-1])


def keep_looks(folder: Path, looks: Collection[int]) -> None:
    """Remove the replicates of all other looks; the folder itself stays."""
    (folder / FURTHER).mkdir(parents=True, exist_ok=True)
    for path in (folder / FURTHER).glob("*"):
        if path.is_dir() and path.name not in map(str, looks):
            shutil.rmtree(path)
