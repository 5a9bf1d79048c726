"""What the search found: where it looked, how it went on, and what mattered."""

from collections.abc import Mapping, Sequence
from typing import Any

from depthgauge.axes.axis import listed
from depthgauge.report.charts.plot import Figure, Grid, Row, axes, number, panelled, ticks
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
    traces: list[dict[str, Any]] = []
    rows: list[Row] = []
    for panel, search in enumerate(facts.searches):
        across, up = axes(panel)
        trials = [t["trial"] for t in search.trials]
        complete = [t for t in search.trials if t["value"] is not None]
        common = {"type": "scatter", "xaxis": across, "yaxis": up, "showlegend": panel == 0}
        traces += [
            common
            | {
                "mode": "markers",
                "x": [t["trial"] for t in complete],
                "y": [number(t["value"]) for t in complete],
                "marker": {"color": OTHER, "size": 5, "opacity": 0.6},
                "name": "trial",
                "legendgroup": "trial",
                "hovertemplate": "trial %{x}: %{y:.4g}<extra></extra>",
            },
            common
            | {
                "mode": "lines",
                "x": trials,
                "y": [number(t["best_so_far"]) for t in search.trials],
                "line": {"color": BEST, "shape": "hv", "width": 2},
                "name": "best so far",
                "legendgroup": "best",
                "hovertemplate": "after trial %{x}: %{y:.4g}<extra></extra>",
            },
        ]
        rows += [{facts.axis: search.point, **trial} for trial in search.trials]
    objective = facts.searches[0].objective.replace("_", " ")
    ends = "; ".join(
        f"{facts.of.point_name(search.point)} {_best(search)['value']:.3g}"
        for search in facts.searches
    )
    grid = Grid(
        [facts.of.point_name(search.point) for search in facts.searches],
        4,
        2,
        180,
        "trial",
        objective,
    )
    return Figure(
        name="search-progress",
        title="How the search went on",
        caption=(
            f"The {objective} of every complete trial (pruned and diverged ones have none) and the "
            f"best so far. The best found: {ends}."
        ),
        plot=panelled(grid, traces, {"nticks": 5}, {"nticks": 5}, shared_y=False),
        rows=rows,
    )


def _space(facts: Facts) -> Figure:
    """Where the chosen values lie in the space; a panel for each searched value."""
    names = list(dict.fromkeys(name for search in facts.searches for name in search.space))
    traces: list[dict[str, Any]] = []
    rows: list[Row] = []
    for panel, name in enumerate(names):
        across, up = axes(panel)
        searched = [s for s in facts.searches if name in s.space]
        places = {s.point: list(facts.points).index(s.point) for s in searched}
        common = {"type": "scatter", "mode": "markers", "xaxis": across, "yaxis": up}
        tried = [(s, t) for s in searched for t in s.trials if t.get(name) is not None]
        traces += [
            common
            | {
                "x": [places[s.point] for s, _ in tried],
                "y": [t[name] for _, t in tried],
                "marker": {"color": GREY, "size": 5, "opacity": 0.5},
                "name": "tried",
                "legendgroup": "tried",
                "showlegend": panel == 0,
                "hovertemplate": f"{_words(name)} %{{y}}<extra></extra>",
            },
            common
            | {
                "x": [places[s.point] for s in searched],
                "y": [_best(s).get(name) for s in searched],
                "marker": {"color": BEST, "size": 11, "symbol": "diamond"},
                "name": "chosen",
                "legendgroup": "chosen",
                "showlegend": panel == 0,
                "text": [facts.of.point_name(s.point) for s in searched],
                "hovertemplate": f"%{{text}}: {_words(name)} %{{y}}<extra></extra>",
            },
        ]
        rows += [
            {facts.axis: s.point, "parameter": name, "chosen": _best(s).get(name)} for s in searched
        ]
    grid = Grid([_words(name) for name in names], 3, 1, 270, facts.of.label, "")
    plot = panelled(grid, traces, ticks(facts.points), {}, shared_y=False)
    for panel, name in enumerate(names):
        values = [v for s in facts.searches for v in s.space.get(name, ())]
        if all(isinstance(value, int | float) and value > 0 for value in values):
            plot.layout[f"yaxis{axes(panel)[1][1:]}"].update(
                type="log",
                tickvals=sorted(set(values)),
                ticktext=[_short(v) for v in sorted(set(values))],
            )
    return Figure(
        name="search-space",
        title="Where the chosen values lie in the search space",
        caption=(
            "Every value that was tried, and the one of the best trial; the labelled values are "
            f"the ends of the space or its choices. {_at_the_ends(facts)}"
        ),
        plot=plot,
        rows=rows,
    )


def _at_the_ends(facts: Facts) -> str:
    """Which chosen values lie so near an end of their range that a wider space might be better."""
    found: dict[str, list[int]] = {}
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


def _grouped(facts: Facts, found: Mapping[str, list[int]]) -> str:
    """Searched values, each with its points: "learning rate (depths 0 and 1)"."""
    parts = [f"{_words(name)} ({listed(facts.axis, points)})" for name, points in found.items()]
    return "; ".join(parts)


def _importance(facts: Facts) -> list[Figure]:
    """How much each searched value mattered, as bars for each point."""
    told = [s for s in facts.searches if any(v is not None for v in s.importances.values())]
    if not told:
        return []
    names = list(dict.fromkeys(name for search in told for name in search.importances))
    traces: list[dict[str, Any]] = []
    places = {s.point: list(facts.points).index(s.point) for s in told}
    for panel, name in enumerate(names):
        across, up = axes(panel)
        own = [s for s in told if s.importances.get(name) is not None]
        traces.append(
            {
                "type": "bar",
                "xaxis": across,
                "yaxis": up,
                "x": [places[s.point] for s in own],
                "y": [number(100 * float(s.importances[name] or 0)) for s in own],
                "marker": {"color": OTHER},
                "text": [facts.of.point_name(s.point) for s in own],
                "textposition": "none",
                "hovertemplate": f"%{{text}}: {_words(name)} %{{y:.0f}} %<extra></extra>",
            }
        )
    grid = Grid([_words(name) for name in names], 3, 1, 200, facts.of.label, "importance, %")
    most: dict[str, list[int]] = {}
    for search in told:
        most.setdefault(_most(search), []).append(search.point)
    return [
        Figure(
            name="search-importance",
            title="What mattered in the search",
            caption=(
                "Share of the variation of the trials' values that each searched value explains "
                "(PED-ANOVA; with few trials a rough guide, and none where it is unknown). What "
                f"mattered most: {_grouped(facts, most)}."
            ),
            plot=panelled(
                grid, traces, ticks(facts.points), {"range": [0, 105], "nticks": 5}, legend=False
            ),
            rows=[
                {facts.axis: s.point, "parameter": n, "importance": number(s.importances.get(n))}
                for s in told
                for n in names
            ],
        )
    ]


def _most(search: Search) -> str:
    return max(search.importances, key=lambda name: search.importances[name] or 0.0)


def _best(search: Search) -> Any:
    return next(trial for trial in search.trials if trial["trial"] == search.best)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _short(value: Any) -> str:
    return f"{value:g}"


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
