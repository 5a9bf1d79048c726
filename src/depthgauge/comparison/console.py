"""A comparison on a terminal, as JSON, and as frames."""

import json
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from depthgauge.codes.registry import codes_line
from depthgauge.comparison.result import Found, Row, Standing, short_names
from depthgauge.comparison.text import answer_lines, codes_of, left_out_lines, table_cells
from depthgauge.comparison.threshold import Along
from depthgauge.errors import printable

# Where output is no terminal its width is unknown: no line is broken.
PLAIN_WIDTH = 10_000
SHOWN = 40
STYLES = {Standing.BEST: "bold blue", Standing.WORSE: "dim"}


def show(found: Found, along: list[Along], stream: TextIO) -> None:
    """Print the answer, the table, and what else there is to say."""
    width = None if stream.isatty() else PLAIN_WIDTH
    console = Console(file=stream, width=width, highlight=False, markup=False)
    first, *rest = answer_lines(found)
    console.print(first, style="bold")
    header, rows = table_cells(found)
    table = Table(box=None, pad_edge=False)
    for name in header:
        table.add_column(name, justify="left" if name == "verdict" else "right")
    for row, cells in list(zip(found.ranked, rows, strict=True))[:SHOWN]:
        table.add_row(*cells, style=STYLES.get(row.standing))
    console.print()
    console.print(table)
    if len(rows) > SHOWN:
        console.print(f"... and {len(rows) - SHOWN} more: --json has all")
    console.print()
    lines = [*rest, *map(printable, along_lines(along)), *left_out_lines(found)]
    for line in [*lines, codes_line(codes_of(found, lines))]:
        console.print(line)


def along_lines(along: list[Along]) -> list[str]:
    """What is said of a threshold, for each configuration of the other settings."""
    return [f"{each.others}: {each.sentence}" if each.others else each.sentence for each in along]


def as_json(found: Found, along: list[Along]) -> str:
    """All numbers, in full precision."""
    return json.dumps(as_dict(found, along), indent=2, ensure_ascii=False)


def as_dict(found: Found, along: list[Along]) -> dict[str, Any]:
    """What `as_json` writes."""
    grouped, names = found.grouped, short_names(found.grouped.settings)

    def configuration(row: Row) -> dict[str, Any]:
        values = grouped.configurations.iloc[row.place]
        around, of = row.interval, row.mean.interval
        return {
            "configuration": dict(zip(names, values, strict=True)),
            "name": row.name,
            "verdict": str(row.standing),
            "runs": row.runs,
            "finite": row.finite,
            "diverged": row.diverged,
            "without_value": row.absent,
            "mean": row.mean.mean,
            "mean_interval": [of.low, of.high] if of else None,
            "worse_by": row.behind,
            "interval": [around.low, around.high] if around else None,
            "adjusted_p": row.p,
            "smallest_resolved": row.smallest,
            "runs_to_resolve": row.wanted,
        }

    return {
        "source": grouped.source,
        "metric": grouped.metric,
        "higher_is_better": grouped.higher,
        "seed": list(grouped.seed),
        "settings": list(grouped.settings),
        "answer": answer_lines(found),
        "notes": left_out_lines(found),
        "codes": codes_of(found, [*answer_lines(found), *left_out_lines(found)]),
        "best": found.rows[found.best].name,
        "simplest": None if found.simplest is None else found.rows[found.simplest].name,
        "alpha": found.differences.alpha,
        "comparisons": found.differences.pairs,
        "configurations": [configuration(row) for row in [*found.ranked, *found.others]],
        "pairs": pair_rows(found),
        "thresholds": [
            {"others": a.others, "sentence": a.sentence, "threshold": a.threshold} for a in along
        ],
    }


def pair_rows(found: Found) -> list[dict[str, Any]]:
    """A row for each pair: the second less the first."""
    told = found.differences
    p, adjusted, half, apart = told.p, told.adjusted_p, told.half, told.apart

    def plain(value: float) -> float | None:
        return float(value) if value == value else None

    rows = []
    for one, place in enumerate(found.compared):
        for two in range(one + 1, len(found.compared)):
            difference, at = float(told.difference[one, two]), (one, two)
            low, high = difference - half[at], difference + half[at]
            rows.append(
                {
                    "first": found.rows[place].name,
                    "second": found.rows[found.compared[two]].name,
                    "difference": difference,
                    "low": plain(low),
                    "high": plain(high),
                    "p": plain(p[at]),
                    "adjusted_p": plain(adjusted[at]),
                    "told_apart": bool(apart[at]),
                    "paired": bool(told.paired[at]),
                    "runs": int(told.runs[at]),
                }
            )
    return rows
