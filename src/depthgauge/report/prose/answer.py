"""The sentence that answers the experiment's question, and those on the other views after it."""

from collections.abc import Mapping, Sequence

from depthgauge.axes.axis import Axis, find_axis
from depthgauge.report.prose.render import render, render_lines
from depthgauge.report.style import view_title
from depthgauge.statistics.estimates import View
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.verdicts import JudgedView, PointVerdict, Verdict, ViewVerdict
from depthgauge.training.metrics.metric import Metric, find_metrics
from depthgauge.training.recipe import Recipe

# A share of resamples from which an answer counts as the same answer.
STEADY = 0.95


def answer_text(
    views: Sequence[JudgedView],
    axis: str,
    rules: Rules,
    resampled: bool,
    recipe: str,
    group: str | None = None,
) -> str:
    """The answer sentence, then below it what is said of each view by itself: answer.txt."""
    by_view = {each.view: each.verdict for each in views}
    metrics = find_metrics([*views[0].metrics])
    first = None
    for name, metric in list(metrics.items())[:1]:
        first = metric, {each.view: each.metrics[name] for each in views}
    lines = [answer_sentence(by_view, axis, rules, resampled, recipe, group, first)]
    for view in views:
        said = [*view_sentences(view.verdict, axis)]
        said += [
            f"By {metric.cost}: {metric_sentence(view.metrics[name], metric, axis)}"
            for name, metric in metrics.items()
        ]
        lines += [f"{view_title(*view.view)}:", *(f"  {sentence}" for sentence in said)]
    return "\n".join(lines) + "\n"


def describe_recipe(
    recipe: Recipe, swept: str | None, examples: int | None, used: int = 0, there: int = 0
) -> str:
    """The recipe in words: "adam, learning rate 0.003, width 64, batch size 64, 60 epochs, ...".

    swept: the key that the axis sweeps, which is no part of it. examples: that train, None where
    these are swept. used, there: examples in the splits of a replicate, and all of the data.
    """
    values = recipe.flat()
    parts = {"optimizer.name": values["optimizer.name"]}
    parts["optimizer.learning_rate"] = f"learning rate {values['optimizer.learning_rate']:g}"
    family = values.get("network.class_path", values["network.family"])
    if family != "mlp":
        parts["network"] = family
    for key, value in values.items():
        name = key.rpartition(".")[2].replace("_", " ")
        # Of what makes overfitting harder a 0 is none.
        harder = "dropout" in name or key.startswith("regularisation.")
        if key.startswith(("network.", "regularisation.")) and type(value) in (int, float):
            parts |= {} if harder and not value else {key: f"{name} {value}"}
    parts |= {"batch_size": f"batch size {recipe.batch_size}", "epochs": f"{recipe.epochs} epochs"}
    parts.pop(swept or "", None)
    more = [] if examples is None else [f"{examples} training examples"]
    # What is said of so few is not said of all.
    more += [f"each replicate using {used:,} of all {there:,} examples"] if used < there else []
    return ", ".join([*parts.values(), *more])


def answer_sentence(
    views: Mapping[View, ViewVerdict],
    axis: str | Axis,
    rules: Rules,
    resampled: bool,
    recipe: str = "",
    group: str | None = None,
    first_metric: tuple[Metric, Mapping[View, ViewVerdict]] | None = None,
    examples_known: bool = True,
    model: str = "network",
) -> str:
    """What the first view says and how sure that is; then a sentence for each other view.

    views: {(recipe, stopping): verdict}, the main one first: the fixed recipe, where there is one,
    after the last epoch. resampled: whether each replicate has a split of its own, so that the
    replicates speak of other splits too. recipe: the fixed one, in words. group: the column that
    names the groups of rows, where one does. first_metric: the metric that the answer speaks of
    where it disagrees, and its verdict on each view. examples_known: whether the losses of single
    test examples are, without which nothing is said of new data. model: what is trained.
    """
    (view, verdict), *others = views.items()
    metric, by_metric = (None, {}) if first_metric is None else first_metric
    lines = render_lines(
        "answer",
        of=as_axis(axis),
        view=view,
        verdict=verdict,
        others=[
            (
                name,
                other,
                turn := _lessened(verdict, other),
                _turned(turn, view, name, views, by_metric),
            )
            for name, other in others
        ],
        metric=metric,
        by_metric=by_metric,
        points=[point.point for point in verdict.points],
        largest=_largest_rise(verdict),
        steady=verdict.stability is not None and verdict.stability >= STEADY,
        steady_share=STEADY,
        rules=rules,
        resampled=resampled,
        recipe=recipe,
        group=group,
        examples_known=examples_known,
        model=model,
    )
    return " ".join(f"{line[0].upper()}{line[1:]}." for line in lines)


def view_sentences(verdict: ViewVerdict, axis: str) -> tuple[str, ...]:
    """What is said of one view: on this data, for new data, how steady it is, and every peak."""
    return render_lines("view", verdict=verdict, of=find_axis(axis), examples_known=True)


def chosen_sentence(verdict: ViewVerdict, axis: Axis, validated: bool) -> str:
    """Which point to use: the simplest that is not told apart from that of the least loss.

    validated: whether the choice rests on rows other than those of the test.
    """
    return render("chosen", verdict=verdict, of=axis, validated=validated)


def as_axis(axis: str | Axis) -> Axis:
    """An axis by its name, or one of whoever asks."""
    return axis if isinstance(axis, Axis) else find_axis(axis)


def metric_sentence(verdict: ViewVerdict, metric: Metric, axis: str) -> str:
    """What a metric in the place of the loss says of one view."""
    return render("metric", verdict=verdict, metric=metric, of=find_axis(axis))


def _largest_rise(verdict: ViewVerdict) -> PointVerdict | None:
    """The point that is worst by its mean, of those beyond the best that were judged."""
    rises = {
        place: point.comparison.relative_rise
        for place, point in enumerate(verdict.points)
        if point.on_this_data is Verdict.NO_RISE_RESOLVED
        and point.comparison is not None
        and point.comparison.relative_rise is not None
    }
    return verdict.points[max(rises, key=rises.__getitem__)] if rises else None


def _lessened(first: ViewVerdict, verdict: ViewVerdict) -> bool | None:
    """Whether the rise at the same threshold from the same best point is smaller than in `first`.

    None where the two intervals overlap, or thresholds or best points differ.
    """
    threshold = first.on_this_data.threshold
    if threshold is None or threshold != verdict.on_this_data.threshold:
        return None
    compared = [view.at(threshold).comparison for view in (first, verdict)]
    before, now = (found.relative_interval if found else None for found in compared)
    if first.best != verdict.best or before is None or now is None:
        return None
    apart = now.high < before.low or now.low > before.high
    return now.high < before.low if apart else None


def _turned(
    lessened: bool | None,
    view: View,
    other: View,
    views: Mapping[View, ViewVerdict],
    by_metric: Mapping[View, ViewVerdict],
) -> tuple[float, float] | None:
    """A metric's cost at the threshold less that at the best point, in both views of the loss.

    None where the difference goes the same way as the rise of the loss.
    """
    best, threshold = views[view].best, views[view].on_this_data.threshold
    if lessened is None or not by_metric:
        return None
    costs = [
        [by_metric[name].at(point).means["test_loss"] for point in (best, threshold)]
        for name in (view, other)
    ]
    if any(cost is None for pair in costs for cost in pair):
        return None
    before, now = (end - start for start, end in costs)  # type: ignore[operator]
    return (before, now) if (now < before) != lessened else None
