"""What a notebook is given: the answer and its figure, and the numbers behind them as frames."""

import base64
import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, overload

import pandas as pd

from depthgauge.artifacts.verdicts import point_rows
from depthgauge.codes.registry import codes_line
from depthgauge.report.charts.chart import Figure
from depthgauge.statistics.estimates import Interval
from depthgauge.statistics.verdicts import Answer, JudgedView, Verdicts

# Columns of points in `verdict_frame`.
POINTS = ("best", "recommended", "threshold", "threshold_new_data")


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """What was found: shown as the answer sentence and the figure.

    answer: one or a few sentences, the same words as on the pipeline's page.
    frame: a row for each view and point, with the columns of results/points.csv: mean losses with
    95 % intervals, in the unit of the loss, and what is said of the point on this data and for new
    data.
    verdicts: a row for each view (`verdict_frame`).
    figure, page: make the figure and the page of HTML when they are asked for.
    notes: what there was to say of the data, a line each.
    codes: of each verdict and warning, for `depthgauge explain CODE`.
    """

    answer: str
    frame: pd.DataFrame
    verdicts: pd.DataFrame
    figure: Callable[[], Figure] = field(repr=False)
    page: Callable[[], bytes] = field(repr=False)
    notes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def plot(self) -> Figure:
        """Train and test loss against the points, with 95 % intervals and where overfitting begins.

        A notebook shows it; `.svg()` is the picture as text, `.chart` the Altair chart and `.csv`
        its numbers.
        """
        return self.figure()

    @overload
    def to_html(self, path: None = None) -> str: ...
    @overload
    def to_html(self, path: str | Path) -> None: ...
    def to_html(self, path: str | Path | None = None) -> str | None:
        """Write the whole page, one file that needs no network; without a path, return it.

        Raises OSError where the file cannot be written.
        """
        made = self.page()
        if path is None:
            return made.decode()
        Path(path).write_bytes(made)
        return None

    def __repr__(self) -> str:
        return "\n".join(filter(None, (self.answer, codes_line(self.codes))))

    def _repr_html_(self) -> str:
        """As a picture of its own: the names within one SVG must not meet those of another."""
        figure = self.plot()
        picture = base64.b64encode(figure.svg().encode()).decode()
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return (
            f'<p style="max-width: 60em">{html.escape(self.answer)}</p>\n'
            f'<img style="max-width: 100%" alt="{html.escape(figure.title)}" '
            f'src="data:image/svg+xml;base64,{picture}">\n'
            + f'<p style="color: gray">{html.escape(codes_line(self.codes))}</p>\n'
            + (f"<details><summary>The data</summary><ul>{notes}</ul></details>" if notes else "")
        )


def point_frame(verdicts: Verdicts) -> pd.DataFrame:
    """The rows of results/points.csv, in full precision; NaN where there is no number."""
    return pd.DataFrame(point_rows(verdicts))


def verdict_frame(views: Sequence[JudgedView]) -> pd.DataFrame:
    """A row for each view, by its recipe and stopping.

    best: the point of least mean test loss. recommended: the simplest one that validation loss does
    not tell apart from the best. threshold: where overfitting begins, missing unless `verdict` is
    "threshold found"; the same for new data. rise: of the first resolved rise of test loss beyond
    the best point, as a share of the least, with its 95 % interval. stability: share of resamples
    of the replicates with the same answer.
    """
    rows = [
        {
            "recipe": each.recipe,
            "stopping": each.stopping,
            "best": each.verdict.best,
            "recommended": each.verdict.recommended,
            **_told("", each.verdict.on_this_data),
            **_told("_new_data", each.verdict.for_new_data),
            **_rise(each.verdict.on_this_data),
            "stability": each.verdict.stability,
        }
        for each in views
    ]
    frame = pd.DataFrame(rows).set_index(["recipe", "stopping"])
    # Whole numbers stay whole where one is missing.
    return frame.astype({name: frame[name].convert_dtypes().dtype for name in POINTS})


def _told(question: str, answer: Answer) -> dict[str, Any]:
    return {f"verdict{question}": str(answer.outcome), f"threshold{question}": answer.threshold}


def _rise(answer: Answer) -> dict[str, float | None]:
    comparison = answer.rise.comparison if answer.rise else None
    found: Interval | None = comparison.relative_interval if comparison else None
    return {
        "rise": comparison.relative_rise if comparison else None,
        "rise_low": found.low if found else None,
        "rise_high": found.high if found else None,
    }
