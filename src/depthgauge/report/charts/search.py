"""What the search found: where it looked, how it went on, and what mattered."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from depthgauge.axes.axis import Point
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
from depthgauge.report.facts import Facts, Search
from depthgauge.report.prose.numbers import counted
from depthgauge.report.style import COLOURS, GREY

BEST, OTHER = COLOURS["test"], COLOURS["train"]


def search_figures(facts: Facts) -> list[Figure]:
    """Three figures, or none where there was no search."""
    if not facts.searches:
        return []
    return [_progress(facts), _space(facts), *_importance(facts)]


def _progress(facts: Facts) -> Figure:
    """Every trial and the best so far, a panel for each point."""
    objective = facts.searches[0].objective.replace("_", " ")
    names = point_names(facts.axis, [search.point for search in facts.searches])
    ends = "; ".join(f"{names[s.point]} {_best(s)['value']:.3g}" for s in facts.searches)
    colour = alt.Color(
        "mark:N", scale=scale({f"{objective} of a trial": OTHER, "best so far": BEST})
    )
    axis = alt.Axis(tickCount=5)
    x = alt.X("trial:Q", axis=axis)
    y = alt.Y("value:Q", title=None, axis=axis, scale=alt.Scale(zero=False))
    told = {"trial": "trial", "value": objective}
    points = layer("point", x, y, colour, look="trial", tips=told)
    return Figure(
        name="search-progress",
        title="How the search went on",
        caption=(
            f"The {objective} of every complete trial (pruned and diverged ones have none) and the "
            f"best so far. The best found: {ends}."
        ),
        chart=facets(
            _named(f"{objective} of a trial", points),
            _named("best so far", layer("line", x, along(y, "best_so_far"), colour, look="steps")),
            by="panel",
            order=list(names.values()),
            width=180,
            height=130,
            shared=False,
            panel=lookup(names, f"datum.{facts.axis}"),
        ),
        apart=True,
        rows=[_trial(facts, search, trial) for search in facts.searches for trial in search.trials],
        columns=4,
        narrow=2,
    )


def _named(mark: str, marks: alt.Chart) -> alt.Chart:
    """Marks that the legend calls `mark`."""
    return marks.transform_calculate(mark=f"'{mark}'")


def _trial(facts: Facts, search: Search, trial: Mapping[str, Any]) -> Row:
    numbers = {name: number(trial[name]) for name in ("value", "best_so_far")}
    return {facts.axis: search.point, **trial, **numbers}


def _space(facts: Facts) -> Figure:
    """Where the chosen values lie in the space; a panel for each searched value."""
    names = list(dict.fromkeys(name for search in facts.searches for name in search.space))
    return Figure(
        name="search-space",
        title="Where the chosen values lie in the search space",
        caption=(
            "Every value that was tried, and the one of the best trial; the labelled values are "
            f"the ends of the space or its choices. {_at_the_ends(facts)}"
        ),
        chart=alt.concat(*(_values(facts, name) for name in names), data=TABLE).transform_calculate(
            point=lookup(point_names(facts.axis, facts.points), f"datum.{facts.axis}")
        ),
        rows=[
            {facts.axis: s.point}
            | {name: trial.get(name) for name in names}
            | {"chosen": int(trial["trial"] == s.best)}
            for s in facts.searches
            for trial in s.trials
        ],
        columns=3,
        apart=True,
    )


def _values(facts: Facts, name: str) -> Any:
    """One searched value: what was tried, and what was chosen at each point."""
    ends = sorted({v for s in facts.searches for v in s.space.get(name, ())}, key=_order)
    y = alt.Y(f"{name}:N", sort=ends, title=None)
    if all(isinstance(value, int | float) and value > 0 for value in ends):
        bounds = alt.Scale(type="log", domain=[ends[0], ends[-1]], nice=False, padding=8)
        y = alt.Y(f"{name}:Q", scale=bounds, axis=alt.Axis(values=ends, format="~g"), title=None)
    channels = (
        point_axis(facts.axis, facts.points, facts.of.label),
        y,
        alt.Color("mark:N", scale=scale({"tried": GREY, "chosen": BEST})),
        alt.Shape("mark:N", scale=scale({"tried": "circle", "chosen": "diamond"})),
    )
    told = {"point": facts.of.noun, name: _words(name)}
    valid = f"isValid(datum.{name})"

    def marks(mark: str, where: str) -> alt.Chart:
        return _named(mark, layer("point", *channels, look=mark, where=where, tips=told))

    title = alt.TitleParams(_words(name), fontSize=13, fontWeight="normal", offset=6)
    layers = marks("tried", valid), marks("chosen", f"{valid} && datum.chosen")
    return alt.layer(*layers, title=title).properties(width=230, height=210)


def _order(value: Any) -> tuple[bool, Any]:
    return isinstance(value, str), value


def _at_the_ends(facts: Facts) -> str:
    """Which chosen values lie so near an end of their range that a wider space might be better."""
    found: dict[str, list[Point]] = {}
    for search in facts.searches:
        for name, bounds in search.space.items():
            value = _best(search).get(name)
            if not isinstance(value, int | float) or len(bounds) < 2:
                continue
            low, high = min(bounds), max(bounds)
            if value <= low * (high / low) ** 0.05 or value >= high / (high / low) ** 0.05:
                found.setdefault(name, []).append(search.point)
    if not found:
        return "No chosen value lies at an end of its range."
    return (
        "At an end of the range, where a wider space may hold better ones: "
        f"{_grouped(facts, found)}."
    )


def _grouped(facts: Facts, found: Mapping[str, list[Point]]) -> str:
    """Searched values, each with its points: "learning rate (depths 0 and 1)"."""
    parts = [f"{_words(name)} ({facts.of.join_points(points)})" for name, points in found.items()]
    return "; ".join(parts)


def _importance(facts: Facts) -> list[Figure]:
    """How much each searched value mattered, as bars for each point."""
    told = [s for s in facts.searches if any(v is not None for v in s.importances.values())]
    if not told:
        return []
    names = list(dict.fromkeys(name for search in told for name in search.importances))
    most: dict[str, list[Point]] = {}
    for search in told:
        most.setdefault(_most(search), []).append(search.point)
    title = "importance, %"
    bars = layer(
        "bar",
        point_axis(facts.axis, facts.points, facts.of.label, padding=0.1),
        alt.Y("percent:Q", title=title, scale=alt.Scale(domain=[0, 105], nice=False)),
        tips={"point": facts.of.noun, "percent": title},
    ).encode(color=alt.value(OTHER))
    return [
        Figure(
            name="search-importance",
            title="What mattered in the search",
            caption=(
                "Share of the variation of the trials' values that each searched value explains "
                "(PED-ANOVA; with few trials a rough guide, and none where it is unknown). What "
                f"mattered most: {_grouped(facts, most)}."
            ),
            chart=facets(
                bars,
                by="panel",
                order=[_words(name) for name in names],
                width=230,
                height=150,
                panel="replace(datum.parameter, /_/g, ' ')",
                point=lookup(point_names(facts.axis, facts.points), f"datum.{facts.axis}"),
                percent="round(100 * datum.importance)",
            ),
            rows=[
                {facts.axis: s.point, "parameter": n, "importance": number(s.importances.get(n))}
                for s in told
                for n in names
            ],
            columns=3,
        )
    ]


def _most(search: Search) -> str:
    return max(search.importances, key=lambda name: search.importances[name] or 0.0)


def _best(search: Search) -> Any:
    return next(trial for trial in search.trials if trial["trial"] == search.best)


def _words(name: str) -> str:
    return name.replace("_", " ")


def budget(facts: Facts) -> str:
    """What each point's search might spend; empty where there was no search."""
    if not facts.searches:
        return ""
    first = facts.searches[0]
    same = len({search.epochs for search in facts.searches}) == 1
    epochs = counted(first.epochs, "epoch") if same else "the point's epochs"
    trials, replicates = counted(len(first.trials), "trial"), counted(first.replicates, "replicate")
    return f"{trials} of {replicates}, each trained for {epochs} or stopped earlier"


def states(searches: Sequence[Search]) -> dict[str, int]:
    """How many trials ended in each way, of all searches."""
    counts: dict[str, int] = {}
    for search in searches:
        for trial in search.trials:
            counts[trial["state"]] = counts.get(trial["state"], 0) + 1
    return counts
