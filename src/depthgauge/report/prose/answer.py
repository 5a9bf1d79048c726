"""The sentence that answers the experiment's question, and those on the other views after it."""

from collections.abc import Mapping, Sequence

from depthgauge.axes.axis import Axis, find_axis
from depthgauge.report.prose.numbers import fall_with_interval, percent, setting, with_interval
from depthgauge.report.prose.sentences import (
    cause,
    least,
    other_rise,
    sentences,
    too_short,
    up_to,
    why_not,
)
from depthgauge.report.style import view_title
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.verdicts import (
    RISES,
    JudgedView,
    Outcome,
    PointVerdict,
    Verdict,
    View,
    ViewVerdict,
)

# A share of resamples from which an answer counts as the same answer.
STEADY = 0.95
# Outcomes that say nothing of the data.
SILENT = frozenset({Outcome.CANNOT_TELL, Outcome.GRID_TOO_SHORT})


def answer_text(views: Sequence[JudgedView], axis: str, rules: Rules, resampled: bool) -> str:
    """The answer sentence, then below it what is said of each view by itself: answer.txt."""
    by_view = {(view.recipe, view.stopping): view.verdict for view in views}
    lines = [
        answer_sentence(by_view, axis, margin=rules.margin, alpha=rules.alpha, resampled=resampled)
    ]
    for view, verdict in by_view.items():
        lines += [f"{view_title(*view)}:", *(f"  {said}" for said in sentences(verdict, axis))]
    return "\n".join(lines) + "\n"


def answer_sentence(
    views: Mapping[View, ViewVerdict], axis: str, *, margin: float, alpha: float, resampled: bool
) -> str:
    """What the first view says and how sure that is; then a sentence for each other view.

    views: {(recipe, stopping): verdict}, the main one first: the fixed recipe, where there is one,
    after the last epoch. margin, alpha: of the rule. resampled: whether each replicate has a split
    of its own, so that the replicates speak of other splits too.
    """
    of = find_axis(axis)
    (view, verdict), *others = views.items()
    recipe = "this recipe" if view[0] == "fixed" else f"a recipe tuned for each {of.noun}"
    parts = [f"with {recipe}, {_claim(verdict, of, margin)}"]
    further: list[str] = []
    if verdict.on_this_data.outcome is Outcome.THRESHOLD_FOUND:
        seeds, *further = _how_sure(verdict, of, alpha, resampled)
        parts.append(seeds)
    elif verdict.for_new_data.threshold is not None:
        parts.append(
            "the test for new data from the same source does find a threshold, "
            f"{of.point_name(verdict.for_new_data.threshold)}"
        )
    descent = verdict.double_descent.get("loss")
    if descent is not None and descent.resolved:
        further.append(
            f"test loss peaks {of.at(descent.peak)} and falls again: {of.at(descent.after)} it is "
            f"{fall_with_interval(descent)}"
        )
    other_views = (_other(view, name, verdict, entry, of) for name, entry in others)
    said = ["; ".join(parts), *further, *(text for text in other_views if text)]
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in said)


def _claim(verdict: ViewVerdict, of: Axis, margin: float) -> str:
    """What was seen; nothing yet of how sure it is."""
    answer = verdict.on_this_data
    if answer.outcome in SILENT:
        why = why_not if answer.outcome is Outcome.CANNOT_TELL else too_short
        return f"it cannot be told where overfitting begins: {why(verdict, of)}"
    assert verdict.best is not None
    if answer.outcome is Outcome.NONE_RESOLVED:
        return _none_resolved(verdict, of, margin)
    found = verdict.at(answer.threshold)
    said = found.comparison and with_interval(found.comparison)
    return (
        f"overfitting begins {of.at(found.point)}: test loss is {said or 'higher'} than "
        f"{of.at(verdict.best)}, the best of the {len(verdict.points)} {of.plural} tried, while "
        f"train loss is lower{other_rise(answer, of)}"
    )


def _none_resolved(verdict: ViewVerdict, of: Axis, margin: float) -> str:
    start = f"no overfitting is resolved {up_to(verdict, of)}: {least(verdict, of)}"
    rise = verdict.on_this_data.rise
    if rise is not None:
        said = with_interval(rise.comparison) or "higher"
        return f"{start}, and {of.at(rise.point)} it is {said}, {cause(rise.verdict, of)}"
    found = _largest_rise(verdict)
    if found is None or found.comparison is None:
        return start
    interval = found.comparison.relative_interval
    # An interval above the margin, of this point by itself, does not resolve a rise.
    clear = interval is not None and interval.low > margin
    counted = f" once all pairs of {of.plural} are counted" if clear else ""
    return (
        f"{start}, and the largest difference beyond it, {with_interval(found.comparison)} "
        f"{of.at(found.point)}, is not told apart from luck and the margin of "
        f"{setting(margin)}{counted}"
    )


def _largest_rise(verdict: ViewVerdict) -> PointVerdict | None:
    """The point that is worst by its mean, of those beyond the best that were judged."""
    found = [
        (p.comparison.relative_rise, -place)
        for place, p in enumerate(verdict.points)
        if p.on_this_data is Verdict.NO_RISE_RESOLVED
        and p.comparison is not None
        and p.comparison.relative_rise is not None
    ]
    return verdict.points[-max(found)[1]] if found else None


def _how_sure(verdict: ViewVerdict, of: Axis, alpha: float, resampled: bool) -> list[str]:
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
    main: View, view: View, first: ViewVerdict, verdict: ViewVerdict, of: Axis
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
        short = answer.outcome is Outcome.GRID_TOO_SHORT
        return f"with {what}, {'the grid is too short to tell' if short else 'nothing can be told'}"
    if answer.outcome is Outcome.NONE_RESOLVED:
        rises = [p for p in verdict.points if p.on_this_data in RISES][:1]
        but = [f" but a rise {of.at(p.point)}, {cause(p.on_this_data, of)}" for p in rises]
        return f"with {what}, no overfitting is resolved{''.join(but)}"
    found = verdict.at(answer.threshold)
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


def _lessened(first: ViewVerdict, verdict: ViewVerdict, found: PointVerdict) -> bool | None:
    """Whether the rise at the same threshold from the same best point is smaller than in `first`.

    None where the two intervals overlap or the best points differ: then neither can be said.
    """
    was = first.at(first.on_this_data.threshold).comparison
    before = was.relative_interval if was else None
    now = found.comparison.relative_interval if found.comparison else None
    if first.best != verdict.best or before is None or now is None:
        return None
    if now.high < before.low:
        return True
    return False if now.low > before.high else None
