"""The answer on a terminal: one sentence, a small table, and where to look next."""

from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table

from depthgauge.axes.axis import find_axis
from depthgauge.report.prose.advice import to_use
from depthgauge.report.style import view_title
from depthgauge.statistics.verdicts import Verdicts

# Where output is no terminal its width is unknown: no line is broken.
PLAIN_WIDTH = 10_000
STYLES = {"best": "bold blue", "overfits": "yellow"}


def show(verdicts: Verdicts, page: Path, stream: TextIO) -> None:
    """Print to `stream`: with colours and lines on a terminal (less NO_COLOR), else plain lines."""
    terminal = stream.isatty()
    console = Console(
        file=stream, width=None if terminal else PLAIN_WIDTH, highlight=False, markup=False
    )
    console.print(verdicts.sentence, style="bold")
    for view, verdict in verdicts.by_view.items():
        title = view_title(*view)
        rows = [
            (
                str(point.point),
                _digits(point.train_mean),
                _digits(point.test_mean),
                str(point.on_this_data),
            )
            for point in verdict.points
        ]
        # In every view the train loss is the last one's: it is what the verdicts rest on.
        header = (find_axis(verdicts.axis).noun, "last train", "test", "verdict")
        if not terminal:
            console.print(f"\n{title}")
            widths = [max(len(row[k]) for row in (header, *rows)) for k in range(4)]
            for row in (header, *rows):
                cells = [cell.rjust(width) for cell, width in zip(row[:3], widths, strict=False)]
                console.print("  ".join([*cells, row[3]]))
            continue
        table = Table(title=title, title_justify="left", title_style="", box=None, pad_edge=False)
        for name in header[:3]:
            table.add_column(name, justify="right")
        table.add_column(header[3])
        for row in rows:
            table.add_row(*row, style=STYLES.get(row[3]))
        console.print()
        console.print(table)
    console.print(f"\n{to_use(verdicts.by_view, verdicts.axis)}")
    console.print(f"The page: {page}")
    console.print("Every run: make ui    The network as a model: depthgauge register")


def _digits(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
