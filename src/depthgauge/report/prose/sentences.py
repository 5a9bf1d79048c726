"""A view's verdict in words. The sentence that opens a report is in `answer`."""

from depthgauge.axes.axis import AxisWords, words
from depthgauge.report.prose.numbers import counted, fall_with_interval, percent, with_interval
from depthgauge.statistics.double_descent import Descent, Descents
from depthgauge.statistics.verdicts import Answer, PointVerdict, ViewVerdict
from depthgauge.statistics.words import Outcome, Verdict


def sentences(verdict: ViewVerdict, axis: str) -> tuple[str, ...]:
    """The answer for a person: on this data, for new data, and how steady it is.

    axis: what the points are values of, such as "depth".
    """
    of = words(axis)
    said = [
        f"On this data: {_answer(verdict, verdict.on_this_data, of)}.",
        f"For new data from the same source: {_answer(verdict, verdict.for_new_data, of)}.",
    ]
    # A single point is the best in every resample.
    if verdict.stability is not None and len(verdict.points) > 1:
        threshold = "no threshold" if verdict.on_this_data.threshold is None else "threshold"
        said.append(
            f"The same best {of.noun} and {threshold} came out in {percent(verdict.stability)} of "
            "resamples of the replicates."
        )
    return tuple(said)


def descent_sentences(descents: Descents, axis: str) -> tuple[str, ...]:
    """What is said of each peak of the test loss (or error), and of the fall beyond it."""
    return tuple(_descent(q, d, words(axis)) for q, d in descents.items() if d is not None)


def _descent(quantity: str, descent: Descent, of: AxisWords) -> str:
    judged = "it falls again" if descent.resolved else "whether it falls again is not resolved"
    return (
        f"Test {quantity} peaks {of.at(descent.peak)}, beyond which {judged}: "
        f"{of.at(descent.after)} it is {fall_with_interval(descent)}."
    )


def _answer(verdict: ViewVerdict, answer: Answer, of: AxisWords) -> str:
    return f"{_outcome(verdict, answer, of)}{other_rise(answer, of)}"


def _outcome(verdict: ViewVerdict, answer: Answer, of: AxisWords) -> str:
    if answer.outcome is Outcome.CANNOT_TELL:
        return f"cannot tell: {why_not(verdict, of)}"
    assert verdict.best is not None
    if answer.outcome is Outcome.GRID_TOO_SHORT:
        return too_short(verdict, of)
    if answer.outcome is Outcome.NONE_RESOLVED:
        replicates = counted(verdict.replicates, "replicate")
        reach = of.point_name(last_judged(verdict))
        return (
            f"no overfitting threshold resolved up to {reach} with {replicates} (test loss is "
            f"least {of.at(verdict.best)})"
        )
    found = at_point(verdict, answer.threshold)
    best = f"{of.at(verdict.best)}, the best"
    begins = f"overfitting begins {of.at(found.point)}"
    rise = found.comparison and with_interval(found.comparison)
    if found.comparison is None or rise is None:
        return f"{begins}; test loss is higher than {best}"
    pairs = counted(found.comparison.pairs, "pair")
    return f"{begins}; over {pairs} test loss is {rise} than {best}"


def at_point(verdict: ViewVerdict, point: int | None) -> PointVerdict:
    """What is said of one point of the view."""
    return next(p for p in verdict.points if p.point == point)


def last_judged(verdict: ViewVerdict) -> int:
    """The last point that did not diverge: up to there something can be said."""
    return next(p.point for p in reversed(verdict.points) if p.on_this_data is not Verdict.DIVERGED)


def why_not(verdict: ViewVerdict, of: AxisWords) -> str:
    """Why nothing can be told."""
    if verdict.best is None:
        if len(verdict.points) == 1:
            return f"too many replicates diverged {of.at(verdict.points[0].point)}"
        return f"too many replicates diverged at every {of.noun}"
    if verdict.replicates == 1:
        return "1 replicate cannot tell luck from a difference"
    finite = at_point(verdict, verdict.best).finite_replicates
    if finite < 2:
        return f"only {counted(finite, 'replicate')} {of.at(verdict.best)} did not diverge"
    return (
        f"the differences between {of.plural} do not vary, or rest on fewer than 2 replicates or "
        "blocks of test rows"
    )


def too_short(verdict: ViewVerdict, of: AxisWords) -> str:
    """Why there is nothing beyond the best point."""
    assert verdict.best is not None
    if len(verdict.points) == 1:
        alone = of.point_name(verdict.best)
        return f"{alone} alone was tried, and there is nothing to compare it with"
    if verdict.best == verdict.points[-1].point:
        return f"the grid is too short, since test loss is least {of.at(verdict.best)}, its end"
    return (
        f"the grid is too short, since test loss is least {of.at(verdict.best)} and beyond it too "
        f"many replicates diverged at every {of.noun}"
    )


def other_rise(answer: Answer, of: AxisWords) -> str:
    """The first resolved rise where it is not the threshold itself, after a semicolon."""
    if answer.rise is None or answer.rise.point == answer.threshold:
        return ""
    cause = {
        Verdict.OPTIMIZATION_PROBLEM: "where train loss rose too"
        + (", as more examples make it" if of.harder else ": an optimization problem"),
        Verdict.CAUSE_UNCLEAR: "where train loss neither rose nor fell clearly: cause unclear",
    }[answer.rise.verdict]
    return f"; test loss already rises {of.at(answer.rise.point)}, {cause}"
