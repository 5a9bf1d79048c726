"""Searches that chose a value at an end of its range: a wider one may hold better values."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from pydantic import ValidationError

from depthgauge.artifacts.search import Search
from depthgauge.axes.axis import Point
from depthgauge.report.facts import Facts
from depthgauge.report.prose.render import render_lines
from depthgauge.settings.schema import Settings
from depthgauge.settings.search import Choices, CountRange, FloatRange, SpaceSection

# How much further a range goes at least, on its logarithmic scale.
FURTHER = 4


@dataclass(frozen=True)
class AtEnd:
    """Where searches of a recipe chose a setting at one end of its range.

    key: of params.yaml. end: the value there. upper: whether it is the upper end. chosen: at each
    point, how many of its searches did. searches: of each point. next_range: what to try next, as
    params.yaml has it; None where nothing lies beyond.
    """

    recipe: str
    name: str
    key: str
    end: int | float
    upper: bool
    chosen: dict[Point, int]
    searches: int
    next_range: str | None

    @property
    def by_most(self) -> list[Point]:
        """The points at which at least half of the searches did."""
        return [point for point, count in self.chosen.items() if 2 * count >= self.searches]

    @property
    def count(self) -> int:
        """How many searches of these points did."""
        return sum(self.chosen[point] for point in self.by_most)


def at_ends(facts: Facts) -> list[AtEnd]:
    """For each recipe, searched setting and end that was chosen at all; in that order."""
    settings, found = facts.settings, []
    for recipe in settings.searched_recipes:
        searches = [search for search in facts.searches if search.recipe_name == recipe]
        for name, choices in settings.space_of(recipe).all.items():
            for upper in (False, True):
                if (bounds := numbers(choices)) is None:
                    continue
                chosen = _chosen(searches, name, bounds, upper)
                if chosen:
                    found.append(
                        AtEnd(
                            recipe=recipe,
                            name=name.rpartition(".")[2].replace("_", " "),
                            key=f"search.{settings.section_of(recipe, name)}.{name}",
                            end=bounds[-1 if upper else 0],
                            upper=upper,
                            chosen=chosen,
                            searches=settings.search.studies,
                            next_range=_next(settings, name, choices, upper),
                        )
                    )
    return found


def say_ends(facts: Facts) -> tuple[str, ...]:
    """A sentence for each that was chosen by at least half of the searches of a point."""
    return render_lines("ends", ends=[e for e in at_ends(facts) if e.by_most], of=facts.of)


def numbers(choices: Choices) -> list[int | float] | None:
    """Both ends of a range, or several numbers to choose from; None of anything else."""
    if not isinstance(choices, list):
        return [choices.low, choices.high] if choices.low < choices.high else None
    found = [each for each in choices if not isinstance(each, bool | str)]
    return found if len(found) == len(choices) > 1 else None


def _chosen(
    searches: Sequence[Search], name: str, bounds: Sequence[int | float], upper: bool
) -> dict[Point, int]:
    chosen: dict[Point, int] = {}
    for search in searches:
        value = search.best.values.get(name)
        if isinstance(value, int | float) and _is_near(value, bounds[0], bounds[-1], upper):
            chosen[search.point] = chosen.get(search.point, 0) + 1
    return chosen


def _is_near(value: float, low: float, high: float, upper: bool) -> bool:
    """Within a twentieth of the range, which is logarithmic unless it begins at 0.

    The 0 of a range is no end: less of a regulariser than none cannot be.
    """
    if low <= 0:
        return bool(upper and value >= high - 0.05 * (high - low))
    near = float((high / low) ** 0.05)
    return value >= high / near if upper else value <= low * near


def _next(settings: Settings, name: str, choices: Choices, upper: bool) -> str | None:
    """The first of ever smaller steps beyond the end that the setting allows."""
    for step in (1.0, 0.5, 0.25):
        wider = _wider(choices, upper, step)
        try:
            space = SpaceSection.model_validate({name: wider})
            space.check("search.space", settings.recipe, settings.data.directions)
        except (ValidationError, ValueError):
            continue
        ends = numbers(choices)
        if ends is not None and _differs(wider, ends, upper):
            return _text(wider)
    return None


def _wider(choices: Choices, upper: bool, step: float) -> Any:
    """A range that goes on by the square root of its own ratio, or twice as far on a linear scale;
    a list by the ratio of its last two."""
    if isinstance(choices, list):
        pair = choices[-2:] if upper else choices[1::-1]
        added = _beyond(float(pair[1]), float(pair[0]), upper, step)
        whole = all(isinstance(each, int) for each in choices)
        value = max(1, round(added)) if whole else _short(added)
        return [*choices, value] if upper else [value, *choices]
    low, high = float(choices.low), float(choices.high)
    if isinstance(choices, FloatRange) and low == 0:
        return {"low": 0.0, "high": _short(high * (1 + step))}
    factor = max(FURTHER, sqrt(high / low)) ** step
    low, high = (low, high * factor) if upper else (low / factor, high)
    if isinstance(choices, CountRange):
        return {"low": max(1, round(low)), "high": round(high)}
    return {"low": _short(low), "high": _short(high)}


def _beyond(end: float, before: float, upper: bool, step: float) -> float:
    """What lies behind the end of a list: by its last ratio, or its last difference from 0 on."""
    if min(end, before) > 0:
        return float(end * (end / before) ** step)
    return end + (end - before) * step if upper else end


def _differs(wider: Any, ends: Sequence[int | float], upper: bool) -> bool:
    found = wider if isinstance(wider, list) else [wider["low"], wider["high"]]
    return bool(found[-1] > ends[-1] if upper else found[0] < ends[0])


def _short(value: float) -> float:
    return float(f"{value:.2g}")


def _text(wider: Any) -> str:
    """As params.yaml has it: a number with a point stays one."""
    if isinstance(wider, list):
        return f"[{', '.join(map(str, wider))}]"
    return f"{{low: {wider['low']}, high: {wider['high']}}}"
