"""The answer on a terminal: one sentence, a small table, and where to look next."""

from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table

from depthgauge.artifacts.page import PAGE
from depthgauge.axes.axis import find_axis
from depthgauge.codes.registry import codes_line
from depthgauge.hints import command, seen_from_here
from depthgauge.report.codes import codes_of
from depthgauge.report.prose.advice import to_use, view_statements
from depthgauge.report.prose.numbers import digits
from depthgauge.report.prose.worth import worth
from depthgauge.report.style import view_title
from depthgauge.statistics.verdicts import Verdicts

# Where output is no terminal its width is unknown: no line is broken.
PLAIN_WIDTH = 10_000
STYLES = {"best": "bold blue", "overfits": "yellow"}


def show(verdicts: Verdicts, folder: Path, stream: TextIO) -> None:
    """Print to `stream`: with colours and lines on a terminal (less NO_COLOR), else plain lines.

    folder: the experiment's.
    """
    terminal = stream.isatty()
    console = Console(
        file=stream, width=None if terminal else PLAIN_WIDTH, highlight=False, markup=False
    )
    console.print(verdicts.sentence, style="bold")
    for view, verdict in verdicts.by_view.items():
        title = view_title(*view)
        table = Table(title=title, title_justify="left", title_style="", box=None, pad_edge=False)
        for name in (find_axis(verdicts.axis).noun, "train", "test"):
            table.add_column(name, justify="right")
        table.add_column("verdict")
        for point in verdict.points:
            called = str(point.on_this_data)
            losses = (digits(point.means[f"{split}_loss"]) or "-" for split in ("train", "test"))
            table.add_row(str(point.point), *losses, called, style=STYLES.get(called))
        console.print()
        console.print(table)
    use = to_use(verdicts.choice, verdicts.by_view, verdicts.axis, verdicts.baselines)
    console.print(f"\n{use}")
    said = worth(verdicts.baselines, verdicts.choice, verdicts.metrics, verdicts.axis)
    if said:
        console.print(" ".join(said))
    console.print(f"The page: {seen_from_here(folder / PAGE)}")
    console.print(f"Every run: {command(folder, 'depthgauge ui')}")
    console.print(f"The network as a model: {command(folder, 'depthgauge register')}")
    by_view = verdicts.by_view
    more = [line for each in by_view.values() for line in view_statements(each, verdicts.axis)]
    found = codes_of(by_view, verdicts.cures, [verdicts.sentence, use, *said, *more])
    console.print(codes_line(found))
