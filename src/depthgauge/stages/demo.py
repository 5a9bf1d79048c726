"""demo: make the default experiment here: how deep can a network be for 400 digits?

Writes its settings, its table and the pipeline into this folder, or into the one that -C names, as
`depthgauge new` would for a table of your own. Nothing is ever overwritten.

examples:
  depthgauge demo
  depthgauge -C trial demo
"""

import gzip
from pathlib import Path

from depthgauge.errors import InputError
from depthgauge.files.contents import read_bytes
from depthgauge.files.into import into_folder
from depthgauge.hints import command
from depthgauge.settings.load import FILE
from depthgauge.workflow.layout import TEMPLATES, Place, find_place, ignore_results, pipeline_files

NAME, RAW = "digits", Path("data/raw/digits.csv")


def demo(start: Path) -> None:
    """Make the experiment in a folder. Raises InputError where another one's files are."""
    place = find_place(start, NAME)
    if place.is_new:
        raise InputError(
            f"{start}: {place.because or 'an experiment'} is there already; make the demo in an "
            "empty folder, or in one that -C names"
        )
    make_demo(place)
    print(f"demo: the digits experiment: {start / FILE} and {start / RAW}")
    print(f"next: {command(start, 'depthgauge check')}      (says how long it will take)")
    print(f"      {command(start, 'dvc repro')}")


def make_demo(place: Place) -> None:
    """Write settings, table and pipeline, all or none. Raises InputError where one cannot be."""
    raw = gzip.decompress(read_bytes(TEMPLATES / f"{RAW.name}.gz"))
    files = {Path(FILE): read_bytes(TEMPLATES / FILE), RAW: raw, **pipeline_files(place)}
    with into_folder(place.folder) as partial:
        for name, data in files.items():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_bytes(data)
    ignore_results(place)
