"""What the page says besides the answer: each statement follows from the facts it is given."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from depthgauge.artifacts.looks import Looks
from depthgauge.axes.axis import Axis, find_axis
from depthgauge.codes.registry import code_of
from depthgauge.report.prose.answer import as_axis
from depthgauge.report.prose.render import render, render_lines
from depthgauge.report.style import view_title
from depthgauge.statistics.baselines import Baseline
from depthgauge.statistics.estimates import Point, View
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.verdicts import Choice, Outcome, ViewVerdict
from depthgauge.training.baselines import REFERENCE

_TEXTS = Path(__file__).with_name("texts") / "advice.toml"


def view_statements(
    verdict: ViewVerdict, axis: str | Axis, examples_known: bool = True, validated: bool = True
) -> tuple[str, ...]:
    """All that can be said of one view by itself, in full sentences.

    examples_known: as in `answer_sentence`. validated: as in `chosen_sentence`.
    """
    of, threshold = as_axis(axis), verdict.on_this_data.threshold
    beyond: dict[str, list[Point]] = {}
    if threshold is not None:
        for point in verdict.points[verdict.points.index(verdict.at(threshold)) + 1 :]:
            beyond.setdefault(str(point.on_this_data), []).append(point.point)
    return render_lines(
        "statements",
        verdict=verdict,
        of=of,
        beyond=beyond,
        examples_known=examples_known,
        validated=validated,
    )


def to_use(
    choice: Choice | None,
    views: Mapping[View, ViewVerdict],
    axis: str,
    baselines: Sequence[Baseline] = (),
) -> str:
    """Which network to use, and what to expect of it and of the one of least validation loss.

    baselines: of which one that it is not shown to beat makes it doubtful whether any is of use.
    """
    if choice is None:
        return render("to-use", of=find_axis(axis), choice=None)
    unseen = views.get(("grouped", choice.stopping)) if choice.recipe == "fixed" else None
    return render(
        "to-use",
        of=find_axis(axis),
        choice=choice,
        doubtful=any(
            each.quantity == "loss" and each.name != REFERENCE and not each.beaten
            for each in baselines
        ),
        unseen=unseen and unseen.at(choice.point),
        point=views[choice.view].at(choice.point),
        title=view_title(*choice.view),
        verdict=views[choice.view],
        least=views[choice.least_view].at(choice.least_point),
        least_title=view_title(*choice.least_view),
    )


@dataclass(frozen=True)
class Advice:
    """What to do where a verdict was given. where: views and points that have it here, in words."""

    verdict: str
    meaning: str
    steps: list[str]
    where: str

    @property
    def code(self) -> str:
        """Of the verdict."""
        kind = "outcome" if self.verdict == Outcome.GRID_TOO_SHORT else "verdict"
        return code_of(kind, self.verdict)


def advice(titles: Mapping[str, ViewVerdict], axis: str) -> tuple[list[Advice], list[Advice]]:
    """What to do now: for the verdicts that were given here, and for those that were not.

    titles: each view under its title.
    """
    of = find_axis(axis)
    here: list[Advice] = []
    elsewhere: list[Advice] = []
    texts = tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
    harder, too_short = texts.pop("harder"), texts.pop(Outcome.GRID_TOO_SHORT)
    for verdict, text in (texts | (harder if of.harder else {})).items():
        points = {
            title: [point.point for point in view.points if point.on_this_data == verdict]
            for title, view in titles.items()
        }
        places = [f"{title}: {of.join_points(found)}" for title, found in points.items() if found]
        (here if places else elsewhere).append(Advice(verdict, where=_first_of(places), **text))
    outcomes = {title: view.on_this_data.outcome for title, view in titles.items()}
    short = [title for title, found in outcomes.items() if found is Outcome.GRID_TOO_SHORT]
    last = Advice(Outcome.GRID_TOO_SHORT, where="; ".join(short), **too_short)
    return ([last, *here], elsewhere) if short else (here, [*elsewhere, last])


def _first_of(places: list[str]) -> str:
    """The first place, and how many more there are: each is in a table of verdicts."""
    more = len(places) - 1
    return (
        f"{places[0]}; and in {more} more view{'s' if more > 1 else ''}"
        if more > 0
        else "".join(places)
    )


def trust(
    verdict: ViewVerdict,
    rules: Rules,
    looks: Looks,
    resampled: bool,
    group: str | None,
    unseen: Mapping[str, int] | None,
) -> str:
    """What the numbers of a view do and do not speak of.

    rules: those of the settings, for all looks together. group: the column of the groups, where
    there is one. unseen: examples in each split of the recipe `grouped`, where it is among them.
    """
    return render(
        "trust",
        verdict=verdict,
        rules=rules,
        looks=looks,
        resampled=resampled,
        group=group,
        unseen=unseen,
    )
