"""results/baselines.json: what predictors reach that any network must beat, split by split."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from depthgauge.artifacts.code import code_digest
from depthgauge.artifacts.dataset import ARRAYS, PREPARED, read_meta
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.outputs import intact, read_json_output, require_same
from depthgauge.settings.schema import Settings
from depthgauge.training.baselines import Baselines

BASELINES = Path("results/baselines.json")
_Values = Annotated[list[float | None], Field(min_length=1)]


@dataclass(frozen=True)
class _OfSplits:
    """A quantity of a baseline on each set of each split."""

    train: _Values
    validation: _Values
    test: _Values


_BASELINES = TypeAdapter(dict[str, dict[str, _OfSplits]])


def write_baselines(folder: Path, settings: Settings, baselines: Baselines) -> None:
    """Write them, to nine digits, with what they were made from; folder: the experiment's.

    What is undefined is null. Raises InputError if the file cannot be written.
    """
    values = {
        name: {
            quantity: {split: [_number(v) for v in each] for split, each in of_split.items()}
            for quantity, of_split in quantities.items()
        }
        for name, quantities in baselines.items()
    }
    content = {"made_from": _made_from(folder, settings), "baselines": values}
    write_file(folder / BASELINES, json_bytes(content))


def read_baselines(folder: Path, settings: Settings) -> Baselines:
    """What `write_baselines` wrote, NaN where it is null, with the baselines in alphabetical order.

    Raises InputError if the file is missing, damaged or of other settings, data or code.
    """
    path = folder / BASELINES
    content = read_json_output(path)
    with intact(path):
        then = dict(content["made_from"])
        baselines = _BASELINES.validate_python(content["baselines"])
    require_same(path, then, _made_from(folder, settings))
    # NumPy reads None as NaN.
    return {
        name: {
            quantity: {split: np.array(each, np.float64) for split, each in vars(of).items()}
            for quantity, of in quantities.items()
        }
        for name, quantities in baselines.items()
    }


def _made_from(folder: Path, settings: Settings) -> dict[str, Any]:
    return {
        "seed": settings.seed,
        "replicates": settings.looks[0],
        "loss": settings.recipe.loss.model_dump(),
        "data_digest": read_meta(folder / PREPARED)["digests"].get(ARRAYS),
        "code_digest": code_digest("baselines", settings),
    }


def _number(value: float) -> float | None:
    return float(f"{value:.9g}") if np.isfinite(value) else None
