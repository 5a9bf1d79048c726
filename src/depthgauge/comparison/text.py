"""A comparison in words: the answer, a table on a terminal, a paragraph and a table for a paper."""

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from depthgauge.codes.registry import code_of, codes_in
from depthgauge.comparison.result import Found, Row, Standing, short_names
from depthgauge.errors import printable
from depthgauge.report.prose.numbers import counted, join_words, minus, percent

# Longer values are cut in a table.
LONGEST = 40
# More names than these are counted.
NAMED = 4
_TEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "\\": "\\textbackslash{}",
    "|": "\\textbar{}",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "−": "$-$",
}


def answer_lines(found: Found) -> list[str]:
    """The answer, a sentence or two each; the first says the most."""
    text = _templates().get_template("answer.j2").render(**_facts(found))
    parts = (printable(" ".join(part.split())) for part in text.split("\n\n"))
    return [f"{part[0].upper()}{part[1:]}" for part in parts if part]


def left_out_lines(found: Found) -> list[str]:
    """What is not in the comparison, and why."""
    said = []
    for row in found.others:
        share = f" ({row.diverged} of {row.runs} runs)" if row.standing is Standing.DIVERGED else ""
        said.append(f"{row.name}: {row.standing}{share}, left out.")
    kept = [found.rows[place] for place in found.compared]
    diverged = sum(row.diverged for row in kept)
    if diverged:
        of = join_words(
            [f"{row.name} ({row.diverged} of {row.runs})" for row in kept if row.diverged]
        )
        said.append(f"Diverged and left out: {counted(diverged, 'run')}: {of}.")
    absent = sum(row.absent for row in found.rows)
    if absent:
        metric = found.grouped.metric
        said.append(f"{counted(absent, 'run')} without a value of {metric}: left out.")
    said += [f"{note[0].upper()}{note[1:]}." for note in found.grouped.notes]
    return [printable(line) for line in said]


def codes_of(found: Found, said: Iterable[str]) -> list[str]:
    """The codes of the verdicts, the better configuration's first, and of what else is said."""
    rows = [*found.ranked, *found.others]
    standings = [code_of("standing", row.standing) for row in rows]
    return list(dict.fromkeys([*standings, *codes_in("\n".join(said))]))


def table_cells(found: Found) -> tuple[list[str], list[list[str]]]:
    """Names of columns and a row for each configuration that is compared, the best first."""
    names = short_names(found.grouped.settings)
    header = [*names, several(unit(found)), "mean", "worse by", "interval", "p", "verdict"]
    wanted = any(row.wanted for row in found.ranked)
    rows = []
    for row in found.ranked:
        values = found.grouped.configurations.iloc[row.place]
        cells = [_cut(printable("none" if value is None else str(value))) for value in values]
        mean = "" if row.mean.mean is None else number(row.mean.mean, row)
        behind = "" if row.behind is None else number(row.behind, row)
        around = row.interval
        within = f"{number(around.low, row)} to {number(around.high, row)}" if around else ""
        p = "" if row.p is None else p_value(row.p)
        told = [str(row.finite), mean, behind, within, p, str(row.standing)]
        rows.append([*cells, *told, *([str(row.wanted or "")] if wanted else [])])
    header = [_cut(printable(name)) for name in header]
    return [*header, *([f"{several(unit(found))} to tell"] if wanted else [])], rows


def latex_table(found: Found) -> str:
    """The same as a tabular of LaTeX, which needs no package."""
    header, rows = table_cells(found)
    shape = "l" * len(found.grouped.settings) + "r" * (len(header) - len(found.grouped.settings))
    lines = [f"\\begin{{tabular}}{{{shape}}}", "\\hline"]
    lines += [" & ".join(map(tex, header)) + r" \\", "\\hline"]
    lines += [" & ".join(map(tex, cells)) + r" \\" for cells in rows]
    return "\n".join([*lines, "\\hline", "\\end{tabular}"])


def paper_text(found: Found) -> str:
    """A paragraph for a paper, then the table, in LaTeX."""
    facts = _facts(found)
    finite = [row.finite for row in found.ranked]
    runs = str(finite[0]) if len(set(finite)) == 1 else f"{min(finite)} to {max(finite)}"
    told = [row for row in found.ranked if row.standing is Standing.WORSE]
    names = [tex(name) for name in short_names(found.grouped.settings)]
    template = _templates().get_template("paper.j2")
    text = template.render(**facts, runs=runs, apart_rows=told, names=names)
    return f"{' '.join(text.split())}\n\n{latex_table(found)}\n"


def tex(text: str) -> str:
    """The text so that LaTeX shows it as it is."""
    return "".join(_TEX.get(character, character) for character in printable(str(text)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def number(value: float, row: Row) -> str:
    """With as many decimals as its interval has anything to say of: two digits of its width."""
    around = row.interval or row.mean.interval
    half = (around.high - around.low) / 2 if around else 0.0
    if not (half > 0 and math.isfinite(half)):
        return minus(f"{value:.4g}")
    decimals = 1 - math.floor(math.log10(half))
    if decimals > 9 or half >= 1e7:
        return minus(f"{value:.4g}")
    return minus(f"{round(value, decimals):.{max(0, decimals)}f}")


def p_value(p: float) -> str:
    """Two digits, "< 0.001" below."""
    return "< 0.001" if p < 0.001 else f"{p:.2g}"


def unit(found: Found) -> str:
    """What a configuration has several of."""
    if not found.grouped.seed:
        return "run"
    first = found.grouped.seed[0]
    return first if first in ("replicate", "fold", "trial", "search") else "seed"


def several(noun: str) -> str:
    """ "seeds", "searches"."""
    return f"{noun}es" if noun.endswith("ch") else f"{noun}s"


def _facts(found: Found) -> dict[str, Any]:
    seed = found.grouped.seed
    return {
        "found": found,
        "g": found.grouped,
        "best": found.rows[found.best],
        "rival": found.rival,
        "simplest": None if found.simplest is None else found.rows[found.simplest],
        "apart": found.names(Standing.WORSE),
        "open": found.names(Standing.NOT_APART),
        "same": found.names(Standing.SAME),
        "none_simpler": found.none_simpler,
        "unit": unit(found),
        "fold": bool(seed) and "fold" in seed[0].lower(),
    }


def _some(names: list[str]) -> str:
    return join_words(names) if len(names) <= NAMED else f"{len(names)} others"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("depthgauge.comparison", "texts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "amount": number,
        "counted": lambda count, noun: counted(count, noun, several(noun)),
        "g": lambda value: f"{value:g}",
        "join_names": lambda names: join_words(list(names)),
        "number": lambda value, row: number(value, row).replace("−", "$-$"),
        "p_value": lambda p: "$<0.001$" if p < 0.001 else f"{p:.2g}",
        "percent": percent,
        "some": _some,
        "several": several,
        "tex": tex,
    }
    return environment
