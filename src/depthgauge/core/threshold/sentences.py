"""A verdict in words."""

from depthgauge.core.threshold.verdicts import Answer, Comparison, ViewVerdict
from depthgauge.core.threshold.words import Outcome, Verdict


def sentences(verdict: ViewVerdict, axis: str) -> tuple[str, ...]:
    """The answer for a person: on this data, for new data, and how steady it is.

    axis: what the points are values of, such as "depth".
    """
    said = [
        f"On this data: {_answer(verdict, verdict.on_this_data, axis)}.",
        f"For new data from the same source: {_answer(verdict, verdict.for_new_data, axis)}.",
    ]
    if verdict.stability is not None:
        said.append(
            f"The same best {axis} and threshold came out in {verdict.stability:.0%} of resamples "
            f"of the replicates."
        )
    return tuple(said)


def _answer(verdict: ViewVerdict, answer: Answer, axis: str) -> str:
    return f"{_outcome(verdict, answer, axis)}{_other_rise(answer, axis)}"


def _outcome(verdict: ViewVerdict, answer: Answer, axis: str) -> str:
    replicates = f"{verdict.replicates} replicate{'s' if verdict.replicates != 1 else ''}"
    if answer.outcome is Outcome.CANNOT_TELL:
        return f"cannot tell with {replicates}"
    if answer.outcome is Outcome.GRID_TOO_SHORT:
        if verdict.best == verdict.points[-1].point:
            return f"the grid is too short, the best {axis} {verdict.best} is its last"
        return f"the grid is too short, every {axis} after the best, {verdict.best}, diverged"
    if answer.outcome is Outcome.NONE_RESOLVED:
        last = verdict.points[-1].point
        return (
            f"no overfitting threshold resolved up to {axis} {last} with {replicates} "
            f"(best {axis} {verdict.best})"
        )
    found = next(point for point in verdict.points if point.point == answer.threshold)
    rise = _rise(found.comparison) if found.comparison else ""
    return f"overfitting begins at {axis} {answer.threshold} (best {axis} {verdict.best}{rise})"


def _other_rise(answer: Answer, axis: str) -> str:
    """The first resolved rise where it is not the threshold itself."""
    if answer.rise is None or answer.rise.point == answer.threshold:
        return ""
    cause = {
        Verdict.OPTIMIZATION_PROBLEM: "where train loss rose too: an optimization problem",
        Verdict.CAUSE_UNCLEAR: "where train loss neither rose nor fell clearly: cause unclear",
    }[answer.rise.verdict]
    return f"; test loss already rises at {axis} {answer.rise.point}, {cause}"


def _rise(comparison: Comparison) -> str:
    if comparison.relative_rise is None:
        return ""
    return f", test loss {comparison.relative_rise:+.1%} over {comparison.pairs} pairs"
