"""A view's verdict in words. The sentence that opens a report is in `answer`."""

from depthgauge.axes.axis import Axis, find_axis
from depthgauge.report.prose.numbers import counted, fall_with_interval, percent, with_interval
from depthgauge.statistics.verdicts import (
    Answer,
    DoubleDescent,
    Outcome,
    Point,
    Verdict,
    ViewVerdict,
)


def sentences(verdict: ViewVerdict, axis: str) -> tuple[str, ...]:
    """The answer for a person: on this data, for new data, how steady it is, and every peak.

    axis: what the points are values of, such as "depth".
    """
    of = find_axis(axis)
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
    peaks = verdict.double_descent.items()
    return (*said, *(descent_sentence(quantity, peak, of) for quantity, peak in peaks if peak))


def descent_sentence(quantity: str, descent: DoubleDescent, of: Axis) -> str:
    """A peak of the test loss (or error), and the fall beyond it."""
    judged = "it falls again" if descent.resolved else "whether it falls again is not resolved"
    return (
        f"Test {quantity} peaks {of.at(descent.peak)}, beyond which {judged}: "
        f"{of.at(descent.after)} it is {fall_with_interval(descent)}."
    )


def _answer(verdict: ViewVerdict, answer: Answer, of: Axis) -> str:
    return f"{_outcome(verdict, answer, of)}{other_rise(answer, of)}"


def _outcome(verdict: ViewVerdict, answer: Answer, of: Axis) -> str:
    if answer.outcome is Outcome.CANNOT_TELL:
        return f"cannot tell: {why_not(verdict, of)}"
    if answer.outcome is Outcome.GRID_TOO_SHORT:
        return too_short(verdict, of)
    if answer.outcome is Outcome.NONE_RESOLVED:
        return f"no overfitting threshold resolved {up_to(verdict, of)} ({least(verdict, of)})"
    found = verdict.at(answer.threshold)
    best = f"{of.at(_best(verdict))}, the best"
    begins = f"overfitting begins {of.at(found.point)}"
    rise = found.comparison and with_interval(found.comparison)
    if found.comparison is None or rise is None:
        return f"{begins}; test loss is higher than {best}"
    pairs = counted(found.comparison.pairs, "pair")
    return f"{begins}; over {pairs} test loss is {rise} than {best}"


def _best(verdict: ViewVerdict) -> Point:
    """Every outcome but "cannot tell" has a best point."""
    assert verdict.best is not None
    return verdict.best


def least(verdict: ViewVerdict, of: Axis) -> str:
    """Where test loss is least."""
    return f"test loss is least {of.at(_best(verdict))}"


def up_to(verdict: ViewVerdict, of: Axis) -> str:
    """How far something can be said, up to the last point that did not diverge."""
    judged = [p.point for p in verdict.points if p.on_this_data is not Verdict.DIVERGED]
    return f"up to {of.point_name(judged[-1])} with {counted(verdict.replicates, 'replicate')}"


def why_not(verdict: ViewVerdict, of: Axis) -> str:
    """Why nothing can be told."""
    if verdict.best is None:
        if len(verdict.points) == 1:
            return f"too many replicates diverged {of.at(verdict.points[0].point)}"
        return f"too many replicates diverged at every {of.noun}"
    if verdict.replicates == 1:
        return "1 replicate cannot tell luck from a difference"
    finite = verdict.at(verdict.best).finite_replicates
    if finite < 2:
        return f"only {counted(finite, 'replicate')} {of.at(verdict.best)} did not diverge"
    return (
        f"the differences between {of.plural} do not vary, or rest on fewer than 2 replicates or "
        "blocks of test rows"
    )


def too_short(verdict: ViewVerdict, of: Axis) -> str:
    """Why there is nothing beyond the best point."""
    if len(verdict.points) == 1:
        only = of.point_name(_best(verdict))
        return f"{only} alone was tried, and there is nothing to compare it with"
    why = f"the grid is too short, since {least(verdict, of)}"
    if verdict.best == verdict.points[-1].point:
        return f"{why}, its end"
    return f"{why} and beyond it too many replicates diverged at every {of.noun}"


def other_rise(answer: Answer, of: Axis) -> str:
    """The first resolved rise where it is not the threshold itself, after a semicolon."""
    if answer.rise is None or answer.rise.point == answer.threshold:
        return ""
    rises = f"test loss already rises {of.at(answer.rise.point)}"
    return f"; {rises}, {cause(answer.rise.verdict, of)}"


def cause(rise: Verdict, of: Axis) -> str:
    """What a rise is that is no overfitting, after a comma."""
    if rise is Verdict.CAUSE_UNCLEAR:
        return "where train loss neither rose nor fell clearly: cause unclear"
    too = ", as more examples make it" if of.harder else ": an optimization problem"
    return f"where train loss rose too{too}"


def diverged_sentence(verdict: ViewVerdict, axis: str) -> str | None:
    """Which replicates are missing because they diverged; None where none did."""
    of = find_axis(axis)
    lost = [p for p in verdict.points if p.finite_replicates < verdict.replicates]
    if not lost:
        return None
    out = [p.point for p in lost if p.on_this_data is Verdict.DIVERGED]
    counts = ", ".join(
        f"{verdict.replicates - p.finite_replicates} of {verdict.replicates} {of.at(p.point)}"
        for p in lost
    )
    excluded = f"; too many for {of.join_points(out)} to be judged" if out else ""
    return f"Replicates that diverged and are left out: {counts}{excluded}."
