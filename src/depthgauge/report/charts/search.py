"""What the search found: how it went on, and where it looked."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import altair as alt

from depthgauge.artifacts.search import Search, Trial
from depthgauge.report.charts.chart import (
    TABLE,
    Figure,
    Row,
    along,
    facets,
    layer,
    lookup,
    number,
    point_axis,
    point_names,
    scale,
)
from depthgauge.report.facts import Facts
from depthgauge.report.prose.numbers import counted
from depthgauge.report.prose.render import render
from depthgauge.report.search_ends import at_ends
from depthgauge.report.style import COLOURS, GREY

BEST, OTHER = COLOURS["test"], COLOURS["train"]


def search_figures(facts: Facts) -> list[Figure]:
    """Two figures, or none where there was no search."""
    return [_progress(facts), _space(facts)] if facts.searches else []


def _progress(facts: Facts) -> Figure:
    """Every trial and the best so far of each study, a panel for each point."""
    objective = facts.searches[0].study.plan["objective"].replace("_", " ")
    names = point_names(facts.axis, dict.fromkeys(search.point for search in facts.searches))
    found = {
        point: [search.best.value for search in facts.searches if search.point == point]
        for point in names
    }
    colour = alt.Color(
        "mark:N", scale=scale({f"{objective} of a trial": OTHER, "best so far": BEST})
    )
    axis = alt.Axis(tickCount=5)
    x = alt.X("trial:Q", axis=axis)
    y = alt.Y("value:Q", title=None, axis=axis, scale=alt.Scale(zero=False))
    told = {"study": "study", "trial": "trial", "value": objective}
    points = layer("point", x, y, colour, look="trial", tips=told)
    best = (x, along(y, "best_so_far"), colour, alt.Detail("study:N"))
    return Figure(
        name="search-progress",
        title="How the search went on",
        caption=render("captions/search-progress", objective=objective, found=found, of=facts.of),
        chart=facets(
            _named(f"{objective} of a trial", points),
            _named("best so far", layer("line", *best, look="steps")),
            by="panel",
            order=list(names.values()),
            width=180,
            height=130,
            panel=lookup(names, f"datum.{facts.axis}"),
        ).resolve_scale(y="independent"),
        apart=True,
        rows=[_trial(facts, search, trial) for search in facts.searches for trial in search.trials],
        columns=4,
        narrow=2,
    )


def _named(mark: str, marks: alt.Chart) -> alt.Chart:
    """Marks that the legend calls `mark`."""
    return marks.transform_calculate(mark=f"'{mark}'")


def _trial(facts: Facts, search: Search, trial: Trial) -> Row:
    return {
        facts.axis: search.point,
        "study": search.number,
        "trial": trial.number,
        "state": trial.state,
        "value": number(trial.value),
        "best_so_far": number(trial.best_so_far),
        "epochs": trial.epochs,
        **trial.values,
    }


def _space(facts: Facts) -> Figure:
    """Where the chosen values lie in the space; a panel for each searched value."""
    names = list(dict.fromkeys(name for search in facts.searches for name in search.space))
    return Figure(
        name="search-space",
        title="Where the chosen values lie in the search space",
        caption=render("captions/search-space", ends=at_ends(facts), of=facts.of),
        chart=alt.concat(*(_values(facts, name) for name in names), data=TABLE).transform_calculate(
            point=lookup(point_names(facts.axis, facts.points), f"datum.{facts.axis}")
        ),
        rows=[
            {facts.axis: s.point, "study": s.number}
            | {_field(name): trial.values.get(name) for name in names}
            | {"chosen": int(trial is s.best)}
            for s in facts.searches
            for trial in s.trials
        ],
        columns=3,
        apart=True,
    )


def _values(facts: Facts, name: str) -> Any:
    """One searched value: what was tried, and what was chosen at each point."""
    ends = sorted(
        {v for s in facts.searches for v in s.space.get(name, ())},
        key=lambda end: (isinstance(end, str), end),
    )
    field = _field(name)
    y = alt.Y(f"{field}:N", sort=ends, title=None)
    if all(isinstance(value, int | float) for value in ends):
        kind: Literal["log", "linear"] = "log" if ends[0] > 0 else "linear"
        bounds = alt.Scale(type=kind, domain=[ends[0], ends[-1]], nice=False, padding=8)
        y = alt.Y(f"{field}:Q", scale=bounds, axis=alt.Axis(values=ends, format="~g"), title=None)
    channels = (
        point_axis(facts.axis, facts.points, facts.of.label),
        y,
        alt.Color("mark:N", scale=scale({"tried": GREY, "chosen": BEST})),
        alt.Shape("mark:N", scale=scale({"tried": "circle", "chosen": "diamond"})),
    )
    told = {"point": facts.of.noun, field: _words(name)}
    valid = f"isValid(datum.{field})"

    def marks(mark: str, where: str) -> alt.Chart:
        return _named(mark, layer("point", *channels, look=mark, where=where, tips=told))

    title = alt.TitleParams(_words(name), fontSize=13, fontWeight="normal", offset=6)
    layers = marks("tried", valid), marks("chosen", f"{valid} && datum.chosen")
    return alt.layer(*layers, title=title).properties(width=230, height=210)


def _field(name: str) -> str:
    """A dotted key as a column: Vega takes a dot for a column within another."""
    return name.replace(".", "_")


def _words(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ")


def budget(facts: Facts) -> str:
    """What each point's search might spend; empty where there was no search."""
    if not facts.searches:
        return ""
    first = facts.searches[0].study.budget
    same = len({search.study.budget.epochs for search in facts.searches}) == 1
    epochs = counted(first.epochs, "epoch") if same else "the point's epochs"
    trials, replicates = counted(first.trials, "trial"), counted(first.replicates, "replicate")
    studies = counted(len({search.number for search in facts.searches}), "search", "searches")
    return f"{studies} of {trials} of {replicates}, each trained for {epochs} or stopped earlier"


def states(searches: Sequence[Search]) -> dict[str, int]:
    """How many trials ended in each way, of all searches."""
    return dict(Counter(trial.state for search in searches for trial in search.trials))
