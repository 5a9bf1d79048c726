"""results/report and the figure beside it: what `report` writes for people, and nobody reads."""

from pathlib import Path

from depthgauge.files.atomic import write_file, write_folder

PAGE = Path("results/report/index.html")


def figure_path(axis: str) -> Path:
    """Where the figure of losses over an axis lies, from the experiment's folder."""
    return Path("results") / f"loss-by-{axis}.svg"


def write_page(folder: Path, html: bytes) -> None:
    """Write the page. Raises InputError if its folder cannot be written."""
    write_folder(folder / PAGE.parent, {PAGE.name: html})


def write_figure(folder: Path, axis: str, svg: str) -> None:
    """Write the figure of losses over an axis. Raises InputError if it cannot be written."""
    write_file(folder / figure_path(axis), svg.encode())
