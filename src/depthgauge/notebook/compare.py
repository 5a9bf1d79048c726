"""`depthgauge.compare`: which configurations differ for real, of runs in a frame or a file."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from depthgauge.codes.registry import codes_line
from depthgauge.comparison.console import along_lines, as_dict, pair_rows
from depthgauge.comparison.group import group_runs
from depthgauge.comparison.result import Found, find
from depthgauge.comparison.runs import Asked, table_of_frame
from depthgauge.comparison.text import (
    answer_lines,
    codes_of,
    left_out_lines,
    paper_text,
    table_cells,
)
from depthgauge.comparison.threshold import Along, thresholds
from depthgauge.errors import InputError


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """What was found; shown as the answer and a table of configurations, the best first."""

    found: Found
    along: tuple[Along, ...]

    @property
    def answer(self) -> str:
        """The sentence that says the most."""
        return answer_lines(self.found)[0]

    @property
    def lines(self) -> list[str]:
        """All that is said, a line each."""
        more = [*along_lines([*self.along]), *left_out_lines(self.found)]
        return [*answer_lines(self.found), *more]

    @property
    def codes(self) -> tuple[str, ...]:
        """Of each verdict and warning, for `depthgauge explain CODE`."""
        return tuple(codes_of(self.found, self.lines))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A row for each configuration, the best first, then those that could not be compared.

        A column for each setting that differs (text). verdict: "best", "not told apart", "worse",
        or why nothing is told. runs, finite, diverged, without_value: counts. mean with mean_low
        and mean_high, 95 % by itself. worse_by with low and high, which hold for all pairs at once.
        adjusted_p: for all pairs. smallest_resolved: the difference from the best that would be
        told apart with a chance of 80 %. runs_to_resolve: how many would tell it apart. Values are
        in the unit of the metric; NaN where there is none.
        """
        rows = []
        for row in as_dict(self.found, [])["configurations"]:
            settings = row.pop("configuration")
            row.pop("name")
            for name, ends in (("mean_interval", "mean_"), ("interval", "")):
                low, high = row.pop(name) or (None, None)
                row |= {f"{ends}low": low, f"{ends}high": high}
            rows.append({**settings, **row})
        return pd.DataFrame(rows)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """A row for each pair: second less first, with an interval that holds for all at once."""
        return pd.DataFrame(pair_rows(self.found))

    @property
    def thresholds(self) -> pd.DataFrame:
        """Where overfitting begins along `order`, for each configuration of the other settings."""
        return pd.DataFrame([vars(each) for each in self.along])

    @property
    def best(self) -> str:
        """The configuration of the best mean."""
        return self.found.rows[self.found.best].name

    @property
    def simplest(self) -> str | None:
        """The simplest that is not told apart from it; None where nothing says what is simple."""
        place = self.found.simplest
        return None if place is None else self.found.rows[place].name

    def to_latex(self) -> str:
        """A paragraph for a paper and a table."""
        return paper_text(self.found)

    def __repr__(self) -> str:
        return "\n".join([*self.lines, codes_line(self.codes)])

    def _repr_html_(self) -> str:
        header, rows = table_cells(self.found)
        cells = [header, *rows]
        tags = ["th", *["td"] * len(rows)]
        lines = (
            "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"
            for tag, row in zip(tags, cells, strict=True)
        )
        said = "".join(
            f"<p>{html.escape(line)}</p>" for line in [*self.lines[1:], codes_line(self.codes)]
        )
        answer = f"<p><b>{html.escape(self.answer)}</b></p>"
        return f"{answer}<table>{''.join(lines)}</table>{said}"


def compare(
    runs: pd.DataFrame | str | Path,
    *,
    metric: str | None = None,
    higher_is_better: bool | None = None,
    seed: str | Iterable[str] | None = None,
    by: str | Iterable[str] | None = None,
    ignore: str | Iterable[str] | None = None,
    order: str | None = None,
    alpha: float = 0.05,
) -> Comparison:
    """Tell apart configurations that were trained with several seeds each.

    runs: a frame with a row for each run, or for each run and step (the last counts), with a column
    for each setting, the seed, and what was measured; or the path of such a CSV or Parquet file.
    NaN and infinite values of a frame's metric are runs that diverged.
    metric: the column that is compared; found by its name where there is but one on test data.
    higher_is_better: of the metric; by default its name says it.
    seed: the column that tells repetitions apart; of several the first is the unit of luck.
    by: the settings, by default all columns that differ and are no names, times and paths.
    ignore: columns that are no settings.
    order: the setting that makes a configuration simple where it is small; with it, the threshold
    of overfitting along it.
    alpha: the chance of any false alarm, over all pairs together.

    Raises ValueError, in one line that says what to name, where the runs do not tell, and where no
    configuration has two runs.

    >>> import pandas as pd
    >>> runs = pd.DataFrame({
    ...     "depth": [1, 1, 1, 1, 2, 2, 2, 2],
    ...     "seed": [0, 1, 2, 3, 0, 1, 2, 3],
    ...     "test_loss": [0.52, 0.55, 0.50, 0.53, 0.61, 0.66, 0.60, 0.62],
    ... })
    >>> compare(runs).best
    'depth=1'
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha={alpha}: must lie between 0 and 1")
    seeds, settings, left_out = (_names(each) for each in (seed, by, ignore))
    asked = Asked(metric, higher_is_better, seeds, settings, left_out, order, alpha)
    try:
        if isinstance(runs, pd.DataFrame):
            table = table_of_frame("the frame", runs, asked)
        else:
            from depthgauge.comparison.tables import read_table

            table = read_table(Path(runs), asked)
        found = find(table, group_runs(table, asked), asked)
        along = thresholds(found, order, alpha) if order is not None else []
    except InputError as error:
        raise ValueError(_in_keywords(str(error))) from None
    return Comparison(found, tuple(along))


def _names(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(map(str, given))


def _in_keywords(message: str) -> str:
    """Options of the command as the keywords that they are here."""
    message = message.replace("--lower-is-better", "higher_is_better=False")
    message = message.replace("--higher-is-better", "higher_is_better=True")
    return re.sub(r"--(metric|seed|by|ignore|order)\b", r"\1=", message)
