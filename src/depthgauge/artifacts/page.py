"""results/report and the figure beside it: what `report` writes for people, and nobody reads."""

from pathlib import Path

PAGE = Path("results/report/index.html")


def figure_path(axis: str) -> Path:
    """Where the figure of losses over an axis lies, from the experiment's folder."""
    return Path("results") / f"loss-by-{axis}.svg"
