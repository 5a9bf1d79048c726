"""The sentence that answers the experiment's question, and those on the other views after it."""

from collections.abc import Mapping

from depthgauge.axes.axis import AxisWords, listed, words
from depthgauge.report.prose.numbers import (
    counted,
    fall_with_interval,
    percent,
    setting,
    with_interval,
)
from depthgauge.report.prose.sentences import (
    at_point,
    last_judged,
    other_rise,
    too_short,
    why_not,
)
from depthgauge.statistics.double_descent import Descent
from depthgauge.statistics.verdicts import PointVerdict, ViewVerdict
from depthgauge.statistics.words import RISES, Outcome, Verdict

Views = Mapping[tuple[str, str], ViewVerdict]

# A share of resamples from which an answer counts as the same answer.
STEADY = 0.95
# Outcomes that say nothing of the data.
SILENT = frozenset({Outcome.CANNOT_TELL, Outcome.GRID_TOO_SHORT})


def answer_sentence(
    views: Views,
    axis: str,
    *,
    margin: float,
    alpha: float,
    resampled: bool,
    descent: Descent | None = None,
) -> str:
    """What the first view says and how sure that is; then a sentence for each other view.

    views: {(recipe, stopping): verdict}, the main one first: the fixed recipe, where there is one,
    after the last epoch. margin, alpha: of the rule. resampled: whether each replicate has a split
    of its own, so that the replicates speak of other splits too. descent: of the first view's test
    loss, told where it is resolved.
    """
    of = words(axis)
    (view, verdict), *others = views.items()
    parts = [f"{_recipe(view[0], of)}, {_claim(verdict, of, margin)}"]
    further: list[str] = []
    if verdict.on_this_data.outcome is Outcome.THRESHOLD_FOUND:
        seeds, *further = _how_sure(verdict, of, alpha, resampled)
        parts.append(seeds)
    elif verdict.for_new_data.threshold is not None:
        parts.append(
            "the test for new data from the same source does find a threshold, "
            f"{of.point_name(verdict.for_new_data.threshold)}"
        )
    if descent is not None and descent.resolved:
        further.append(
            f"test loss peaks {of.at(descent.peak)} and falls again: {of.at(descent.after)} it is "
            f"{fall_with_interval(descent)}"
        )
    other_views = (_other(view, name, verdict, entry, of) for name, entry in others)
    sentences = ["; ".join(parts), *further, *(said for said in other_views if said)]
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in sentences)


def _recipe(recipe: str, of: AxisWords) -> str:
    return "with this recipe" if recipe == "fixed" else f"with a recipe tuned for each {of.noun}"


def _claim(verdict: ViewVerdict, of: AxisWords, margin: float) -> str:
    """What was seen; nothing yet of how sure it is."""
    answer = verdict.on_this_data
    if answer.outcome is Outcome.CANNOT_TELL:
        return f"it cannot be told where overfitting begins: {why_not(verdict, of)}"
    if answer.outcome is Outcome.GRID_TOO_SHORT:
        return f"it cannot be told where overfitting begins: {too_short(verdict, of)}"
    assert verdict.best is not None
    if answer.outcome is Outcome.NONE_RESOLVED:
        return _none_resolved(verdict, verdict.best, of, margin)
    found = at_point(verdict, answer.threshold)
    said = found.comparison and with_interval(found.comparison)
    return (
        f"overfitting begins {of.at(found.point)}: test loss is {said or 'higher'} than "
        f"{of.at(verdict.best)}, the best of the {len(verdict.points)} {of.plural} tried, while "
        f"train loss is lower{other_rise(answer, of)}"
    )


def _none_resolved(verdict: ViewVerdict, best: int, of: AxisWords, margin: float) -> str:
    answer = verdict.on_this_data
    reach = of.point_name(last_judged(verdict))
    start = (
        f"no overfitting is resolved up to {reach} with "
        f"{counted(verdict.replicates, 'replicate')}: test loss is least {of.at(best)}"
    )
    if answer.rise is not None:
        said = with_interval(answer.rise.comparison) or "higher"
        where = f"{of.at(answer.rise.point)} it is {said}"
        if answer.rise.verdict is Verdict.OPTIMIZATION_PROBLEM and of.harder:
            return f"{start}, and {where}, while train loss is higher too, as more examples make it"
        if answer.rise.verdict is Verdict.OPTIMIZATION_PROBLEM:
            return (
                f"{start}, and {where}, but train loss is higher there too, which is an "
                "optimization problem and not overfitting"
            )
        return (
            f"{start}, and {where}, but train loss there is neither clearly lower nor clearly "
            "higher, so the cause is unclear"
        )
    largest = _largest_rise(verdict, best)
    if largest is None or largest.comparison is None:
        return start
    return (
        f"{start}, and the largest difference beyond it, {with_interval(largest.comparison)} "
        f"{of.at(largest.point)}, is not "
        f"told apart from luck and the margin of {setting(margin)}{_all_pairs(largest, margin, of)}"
    )


def _all_pairs(point: PointVerdict, margin: float, of: AxisWords) -> str:
    """Why an interval above the margin, of this point by itself, does not resolve a rise."""
    interval = point.comparison.relative_interval if point.comparison else None
    if interval is None or interval.low <= margin:
        return ""
    return f" once all pairs of {of.plural} are counted"


def _largest_rise(verdict: ViewVerdict, best: int) -> PointVerdict | None:
    """The later point that is worst by its mean, of those that were judged."""
    later = [
        p
        for p in verdict.points
        if p.point > best
        and p.on_this_data is Verdict.NO_RISE_RESOLVED
        and p.comparison is not None
        and p.comparison.relative_rise is not None
    ]
    return max(later, key=_relative_rise, default=None)


def _relative_rise(point: PointVerdict) -> float:
    return (point.comparison and point.comparison.relative_rise) or 0.0


def _how_sure(verdict: ViewVerdict, of: AxisWords, alpha: float, resampled: bool) -> list[str]:
    """Other seeds and splits; then, each a sentence, new data, and how steady the answer is."""
    likely = "very likely" if alpha <= 0.05 else "likely" if alpha <= 0.2 else "perhaps"
    others = "other seeds and splits of this data" if resampled else "other seeds on this data"
    new = "new data from the same source" if resampled else "new test data from the same source"
    steady = verdict.stability is not None and verdict.stability >= STEADY
    said = [f"{others} would {likely} {'say the same' if steady else 'show this rise too'}"]
    found, threshold = verdict.for_new_data.threshold, verdict.on_this_data.threshold
    if found == threshold:
        said.append(f"so, {likely}, would {new}")
    elif found is not None:
        said.append(f"for {new} the first resolved is {of.at(found)}")
    else:
        said.append(f"whether {new} would is not resolved")
    if not steady and verdict.stability is not None:
        said.append(
            f"the same best {of.noun} and threshold came out in {percent(verdict.stability)} of "
            "resamples of the replicates"
        )
    return said


def _other(
    main: tuple[str, str],
    view: tuple[str, str],
    first: ViewVerdict,
    verdict: ViewVerdict,
    of: AxisWords,
) -> str | None:
    """What another view says beside the first one; None where it is as silent as that one."""
    tuned, early = view[0] != main[0], view[1] != main[1]
    if tuned and early:
        what, subject = "both", "both together"
    elif tuned:
        what, subject = f"a recipe tuned for each {of.noun}", f"tuning it for each {of.noun}"
    else:
        what = subject = "early stopping on validation loss"
    answer = verdict.on_this_data
    if answer.outcome in SILENT:
        if answer.outcome is first.on_this_data.outcome:
            return None
        why = "nothing can be told"
        if answer.outcome is Outcome.GRID_TOO_SHORT:
            why = "the grid is too short to tell"
        return f"with {what}, {why}"
    if answer.outcome is Outcome.NONE_RESOLVED:
        return f"with {what}, no overfitting is resolved{_but(verdict, of)}"
    found = at_point(verdict, answer.threshold)
    rise = found.comparison and found.comparison.relative_rise
    begins = f"with {what}, overfitting begins {of.at(found.point)}"
    if not rise:
        return begins
    if answer.threshold != first.on_this_data.threshold:
        return f"{begins} (+{percent(rise)})"
    lessened = _lessened(first, verdict, found)
    if lessened is None:
        return f"{begins} as well (+{percent(rise)})"
    return f"{subject} {'lessens' if lessened else 'enlarges'} this rise to {percent(rise)}"


def _but(verdict: ViewVerdict, of: AxisWords) -> str:
    rises = [p for p in verdict.points if p.on_this_data in RISES]
    if not rises:
        return ""
    first = rises[0]
    return f" but a rise {of.at(first.point)} that is {_called(first.on_this_data, of)}"


def _called(verdict: Verdict, of: AxisWords) -> str:
    if verdict is Verdict.OPTIMIZATION_PROBLEM and of.harder:
        return "one of train loss too"
    if verdict is Verdict.OPTIMIZATION_PROBLEM:
        return "an optimization problem"
    return "of unclear cause"


def _lessened(first: ViewVerdict, verdict: ViewVerdict, found: PointVerdict) -> bool | None:
    """Whether the rise at the same threshold from the same best point is smaller than in `first`.

    None where the two intervals overlap or the best points differ: then neither can be said.
    """
    was = at_point(first, first.on_this_data.threshold).comparison
    before = was.relative_interval if was else None
    now = found.comparison.relative_interval if found.comparison else None
    if first.best != verdict.best or before is None or now is None:
        return None
    if now.high < before.low:
        return True
    return False if now.low > before.high else None


def diverged_sentence(verdict: ViewVerdict, axis: str) -> str | None:
    """Which replicates are missing because they diverged; None where none did."""
    lost = [p for p in verdict.points if p.finite_replicates < verdict.replicates]
    if not lost:
        return None
    out = [p.point for p in lost if p.on_this_data is Verdict.DIVERGED]
    counts = ", ".join(
        f"{verdict.replicates - p.finite_replicates} of {verdict.replicates} "
        f"{words(axis).at(p.point)}"
        for p in lost
    )
    excluded = f"; too many for {listed(axis, out)} to be judged" if out else ""
    return f"Replicates that diverged and are left out: {counts}{excluded}."
