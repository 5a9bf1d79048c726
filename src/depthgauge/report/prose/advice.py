"""What the page says besides the answer: each statement follows from the facts it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from depthgauge.axes.axis import Axis, find_axis
from depthgauge.report.prose.numbers import counted, setting
from depthgauge.report.prose.sentences import diverged_sentence, sentences
from depthgauge.report.style import view_title
from depthgauge.statistics.verdicts import (
    RISES,
    Outcome,
    Point,
    Verdict,
    View,
    ViewVerdict,
    recommend,
)


def view_statements(verdict: ViewVerdict, axis: str) -> tuple[str, ...]:
    """All that can be said of one view by itself, in full sentences."""
    of = find_axis(axis)
    said = list(sentences(verdict, axis))
    if (after := _beyond(verdict, of)) is not None:
        said.append(after)
    if verdict.recommended is not None:
        chosen = f"Validation loss chooses {of.point_name(verdict.recommended)}"
        said.append(
            f"{chosen}, the best on test data too."
            if verdict.best is None or verdict.best == verdict.recommended
            else f"{chosen}; on test data {of.point_name(verdict.best)} is best."
        )
    if verdict.interpolation_threshold is not None:
        said.append(
            f"The training set is memorised first {of.at(verdict.interpolation_threshold)} (the "
            "interpolation threshold)."
        )
    falling = [point.point for point in verdict.points if point.still_falling]
    if falling:
        said.append(
            f"Test loss was still falling at the last epoch for {of.join_points(falling)}: "
            "with more epochs the answer may be another."
        )
    lost = diverged_sentence(verdict, axis)
    return (*said, lost) if lost else tuple(said)


def to_use(views: Mapping[View, ViewVerdict], axis: str) -> str:
    """Which network to use, and what to expect of it."""
    of = find_axis(axis)
    found = recommend(views)
    if found is None:
        return f"No {of.noun} can be recommended: too many replicates diverged at every {of.noun}."
    view, point = found
    around = point.estimates["test_loss"].interval
    ends = f" (95 % interval {around.low:.3g} to {around.high:.3g})" if around else ""
    return (
        f"To use: {of.point_name(point.point)}, {view_title(*view)}. Its mean validation loss, "
        f"{point.validation_mean:.3g}, is the least of all views and {of.plural}; its replicates "
        f"have a mean test loss of {point.test_mean:.3g}{ends}."
    )


def _beyond(verdict: ViewVerdict, of: Axis) -> str | None:
    """Whether the points beyond the threshold overfit as well."""
    threshold = verdict.on_this_data.threshold
    if threshold is None:
        return None
    later = verdict.points[verdict.points.index(verdict.at(threshold)) + 1 :]
    found: dict[Verdict, list[Point]] = {}
    for entry in later:
        found.setdefault(entry.on_this_data, []).append(entry.point)
    if set(found) == {Verdict.OVERFITS}:
        every = of.join_points(found[Verdict.OVERFITS])
        return f"On this data every one beyond it overfits too: {every}."
    parts = [f"{of.join_points(points)}: {called}" for called, points in found.items()]
    return f"On this data, beyond it: {'; '.join(parts)}." if parts else None


@dataclass(frozen=True)
class Advice:
    """What to do where a verdict was given. where: views and points that have it here, in words."""

    verdict: str
    meaning: str
    steps: tuple[str, ...]
    where: str


_TEXTS: Mapping[Verdict, tuple[str, tuple[str, ...]]] = {
    Verdict.OVERFITS: (
        "Test loss is higher than at the best point by more than the margin, and train loss is "
        "lower: the network learns what is peculiar to its training examples.",
        (
            "More training data, or augmented data: the surest cure.",
            "Stop earlier, at the least validation loss.",
            "A smaller model: fewer layers, less width, shared weights.",
            "Regularisation, such as weight decay.",
        ),
    ),
    Verdict.OPTIMIZATION_PROBLEM: (
        "Test loss is higher, but so is train loss: what lies further along could do what the best "
        "point does and did not learn to. That is not overfitting, and more data will not help.",
        (
            "A lower or decaying learning rate, another optimizer, more epochs.",
            "Other initial weights, such as Kaiming's for ReLU.",
            "Let the search minimise train loss, to see what can be learnt at all.",
        ),
    ),
    Verdict.CAUSE_UNCLEAR: (
        "Test loss is higher, and train loss is neither clearly lower nor clearly higher.",
        ("More replicates: they make the interval of the train loss narrower.",),
    ),
    Verdict.NO_RISE_RESOLVED: (
        "Test loss may be higher or not: any rise beyond the margin is no larger than luck "
        "explains. That is no proof that there is none.",
        ("More replicates resolve smaller rises.", "A larger test set, for answers on new data."),
    ),
    Verdict.DIVERGED: (
        "Too many replicates ended with a loss that is not finite.",
        ("A lower learning rate.", "Other initial weights; check the inputs for extremes."),
    ),
    Verdict.CANNOT_TELL: (
        "There are too few comparable replicates, or they do not vary.",
        ("Two replicates at the very least; twenty or more for small rises.",),
    ),
    Verdict.BEST: (
        "Least mean test loss. It describes the test set; the point to use is chosen on validation "
        "loss.",
        ("Use the recommended point, and report its test loss.",),
    ),
    Verdict.BEFORE_BEST: (
        "Its test loss is higher than at the best point, which lies further along: what it has may "
        "be too little (a model that is too small has model bias).",
        ("A more flexible model, more features, or more epochs if its loss still falls.",),
    ),
}
# Over more training examples train loss rises by itself, and no model grows.
_TEXTS_OF_DATA: Mapping[Verdict, tuple[str, tuple[str, ...]]] = {
    Verdict.OVERFITS: (
        "Test loss is higher than at the best point although there are more examples, and train "
        "loss is lower: with more steps an epoch the network was trained for longer.",
        ("Stop earlier, at the least validation loss.", "Regularisation, such as weight decay."),
    ),
    Verdict.OPTIMIZATION_PROBLEM: (
        "Test loss is higher, and so is train loss, which more examples raise by themselves: the "
        "two together show neither overfitting nor an optimizer that fails.",
        ("A learning rate and epochs that suit the larger training set.",),
    ),
    Verdict.BEFORE_BEST: (
        "Its test loss is higher than at the best point: it has fewer examples to learn from.",
        ("More training data, as long as test loss falls with it.",),
    ),
}
_TOO_SHORT = Advice(
    "grid too short",
    "Test loss is least at the last point that could be judged, so overfitting may begin beyond "
    "what was tried.",
    ("Add larger points in params.yaml.", "Where later points diverged, mend that."),
    "",
)


def advice(titles: Mapping[str, ViewVerdict], axis: str) -> tuple[list[Advice], list[Advice]]:
    """What to do now: for the verdicts that were given here, and for those that were not.

    titles: each view under its title.
    """
    of = find_axis(axis)
    here: list[Advice] = []
    elsewhere: list[Advice] = []
    texts = {**_TEXTS, **(_TEXTS_OF_DATA if of.harder else {})}
    for verdict, (meaning, steps) in texts.items():
        places = []
        for title, view in titles.items():
            points = [p.point for p in view.points if p.on_this_data is verdict]
            if points:
                places.append(f"{title}: {of.join_points(points)}")
        found = Advice(str(verdict), meaning, steps, "; ".join(places))
        (here if places else elsewhere).append(found)
    short = [
        title
        for title, view in titles.items()
        if view.on_this_data.outcome is Outcome.GRID_TOO_SHORT
    ]
    if short:
        here.insert(0, replace(_TOO_SHORT, where="; ".join(short)))
    else:
        elsewhere.append(_TOO_SHORT)
    return here, elsewhere


def trust(verdict: ViewVerdict, *, alpha: float, margin: float, resampled: bool) -> str:
    """What the numbers of a view do and do not speak of."""
    if verdict.replicates == 1:
        return "1 replicate of each point: what is luck and what is not cannot be told apart."
    split = (
        "Each replicate has a split of its own, so the replicates speak of other splits too."
        if resampled
        else "All replicates share one split, so they speak of other seeds alone; the bootstrap "
        "for new data speaks of other test data, not of another training set."
    )
    rises = any(p.on_this_data in RISES for p in verdict.points)
    alarms = (
        f"A rise counts beyond the margin of {setting(margin)}; in a view without any, the chance "
        f"of a false alarm is held to {setting(alpha)}, all pairs of points together, for each "
        "view by itself."
    )
    more = "" if rises else " That nothing was resolved does not show that there is nothing."
    return f"{counted(verdict.replicates, 'replicate')} of each point. {split} {alarms}{more}"
