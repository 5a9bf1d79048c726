"""From losses of whatever was trained to its result: verdicts, words, figure and page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from depthgauge.axes.axis import Axis, Point
from depthgauge.notebook.result import Result, point_frame, verdict_frame
from depthgauge.report.charts.loss import loss_figure
from depthgauge.report.codes import codes_of
from depthgauge.report.judged_page import judged_page
from depthgauge.report.prose.advice import view_statements
from depthgauge.report.prose.answer import answer_sentence, chosen_sentence
from depthgauge.report.prose.cure import cure_sentences, told_cures
from depthgauge.report.prose.render import render
from depthgauge.seeds import Purpose, generator
from depthgauge.statistics.choice import choose
from depthgauge.statistics.cure import cure
from depthgauge.statistics.estimates import View
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import unit_columns
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.verdicts import JudgedView, Outcome, Verdict, Verdicts, ViewVerdict
from depthgauge.training.metrics.metric import Metric

# Names that the figure's table has for itself: the column of points must have another.
_TAKEN = {"recipe", "stopping", "split", "replicate", "loss", "mean_loss", "low", "high", "label"}
_TAKEN |= {"view", "point", "start", "shift", "interval", "bottom"}


@dataclass(frozen=True)
class Told:
    """The words for what was trained.

    name: of it, in a title. recipe: how it was trained, in brackets after "this recipe"; "" for
    nothing. loss: "cross-entropy". model: what a replicate is. titles: of each view. resampled:
    whether each replicate has splits of its own. validated: whether there are validation losses
    other than those of the test. group: what names the groups of rows. turned: whether the last of
    ascending points was taken for the simplest, without anybody's word.
    """

    axis: Axis
    name: str
    recipe: str
    loss: str
    model: str
    titles: Mapping[View, str]
    resampled: bool
    validated: bool
    group: str | None = None
    turned: bool = False


@dataclass(frozen=True, repr=False, eq=False)
class JudgedResult(Result):
    """The result on losses of anything: a `Result` that has the losses too.

    losses: a row for each point, replicate and split: `loss`, the mean over the examples of that
    split at the end of training, NaN where it diverged. parameter: the name of what was swept.
    loss_name: of the loss, "cross-entropy".
    """

    losses: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    parameter: str = ""
    loss_name: str = ""


@dataclass(frozen=True)
class _Judgement:
    """What the figure is drawn of (`charts.loss.Judgement`)."""

    told: Told
    views: Mapping[View, ViewLosses]
    verdicts: Mapping[View, ViewVerdict]
    metrics: Mapping[str, Any] = field(default_factory=dict)
    floor: float | None = None

    @property
    def axis(self) -> str:
        name = self.told.axis.name
        return name if name.isidentifier() and name not in _TAKEN else "value"

    @property
    def of(self) -> Axis:
        return self.told.axis

    @property
    def _first(self) -> ViewLosses:
        return next(iter(self.views.values()))

    @property
    def points(self) -> tuple[Point, ...]:
        return self._first.points

    @property
    def replicates(self) -> int:
        return self._first.replicates

    @property
    def loss_words(self) -> str:
        return self.told.loss

    @property
    def losses(self) -> dict[View, dict[str, np.ndarray]]:
        return {view: of_splits(each, ("train", "test")) for view, each in self.views.items()}

    def title(self, view: View) -> str:
        return self.told.titles[view]

    def units(self, recipe: str, values: np.ndarray) -> np.ndarray:
        return unit_columns(values, self._first.clusters)


def of_splits(view: ViewLosses, splits: tuple[str, ...]) -> dict[str, np.ndarray]:
    """(R, D) mean losses of some splits, NaN where a replicate diverged."""
    return {s: np.where(view.finite, view.quantities[f"{s}_loss"], np.nan) for s in splits}


def conclude(
    views: Mapping[View, ViewLosses],
    told: Told,
    rules: Rules,
    seed: int,
    by_metric: tuple[str, Metric, Mapping[View, ViewLosses]] | None = None,
) -> JudgedResult:
    """Judge each view, the main one first, and say what that means.

    seed: of the bootstraps, whose streams are those of the pipeline. by_metric: the name of a
    metric, and its costs in the place of the losses, which the answer speaks of where they
    disagree.
    """
    judged = []
    for number, (view, losses) in enumerate(views.items()):
        rng = generator(seed, Purpose.BOOTSTRAP, number)
        verdict, metrics = judge(losses, rules, rng), {}
        if by_metric:
            metrics[by_metric[0]] = judge(by_metric[2][view], rules, rng.spawn(1)[0])
        judged.append(JudgedView(*view, verdict, metrics))
    verdicts = {each.view: each.verdict for each in judged}
    (main, first), *others = views.items()
    cures = [cure(v, first, verdicts[main], other, rules) for v, other in others]
    known = tuple(each for each in cures if each is not None)
    answer = _answer(judged, views, told, rules, by_metric and by_metric[:2])
    whole = Verdicts(
        axis=told.axis.name,
        points=first.points,
        replicates=first.replicates,
        views=tuple(judged),
        choice=choose(views, rules, False),
        cures=known,
        answer=answer,
    )
    judgement = _Judgement(told, views, verdicts)
    said = {
        view: view_statements(each, told.axis, _knows(views[view]), told.validated)
        for view, each in verdicts.items()
    }
    # What the answer has said, the first of it in other words.
    said[main] = tuple(each for each in said[main][1:] if each not in answer)
    cured = cure_sentences(known, verdicts, told.axis, rules, told.titles)
    effects = list(zip(told_cures(known, verdicts), cured, strict=True))
    return JudgedResult(
        answer=answer,
        frame=point_frame(whole),
        verdicts=verdict_frame(judged),
        figure=lambda: loss_figure(judgement),
        page=lambda: judged_page(told.name, answer, judgement, said, effects),
        codes=codes_of(verdicts, known, [answer, *chain.from_iterable(said.values())]),
        losses=_long(first, told.validated),
        parameter=told.axis.name,
        loss_name=told.loss,
    )


def _answer(
    judged: list[JudgedView],
    views: Mapping[View, ViewLosses],
    told: Told,
    rules: Rules,
    metric: tuple[str, Metric] | None,
) -> str:
    main = judged[0]
    told_apart = main.verdict.on_this_data.outcome is not Outcome.CANNOT_TELL
    parts = [
        answer_sentence(
            {each.view: each.verdict for each in judged},
            told.axis,
            rules,
            told.resampled,
            told.recipe,
            told.group,
            metric and (metric[1], {each.view: each.metrics[metric[0]] for each in judged}),
            _knows(views[main.view]),
            told.model,
        ),
        chosen_sentence(main.verdict, told.axis, told.validated) if told_apart else "",
        _hint(main.verdict, told.axis, told.turned),
    ]
    return " ".join(part for part in parts if part)


def _hint(verdict: ViewVerdict, axis: Axis, turned: bool) -> str:
    """Where train loss rises along the whole axis, it may be read from the wrong end; where nobody
    said from which, what was taken for the simple one."""
    ends = {"first": verdict.points[0].point, "last": verdict.points[-1].point}
    numbers = not any(isinstance(end, str) for end in ends.values())
    if turned:
        return render("order", of=axis, turned=True, numbers=numbers, **ends)
    able = [point for point in verdict.points if point.on_this_data is not Verdict.DIVERGED]
    train = [point.estimates["train_loss"] for point in able]
    if len(train) < 2 or axis.harder or not (train[0].interval and train[-1].interval):
        return ""
    if train[-1].interval.low <= train[0].interval.high:
        return ""
    ends = {"first": able[0].point, "last": able[-1].point}
    return render("order", of=axis, turned=False, numbers=numbers, **ends)


def _knows(view: ViewLosses) -> bool:
    return bool(view.example_losses.shape[-1])


def _long(view: ViewLosses, validated: bool) -> pd.DataFrame:
    splits = ("train", "validation", "test") if validated else ("train", "test")
    index = pd.MultiIndex.from_product(
        [list(view.points), range(view.replicates)], names=["point", "replicate"]
    )
    wide = {name: values.T.ravel() for name, values in of_splits(view, splits).items()}
    frame = pd.DataFrame(wide, index).reset_index()
    long = frame.melt(["point", "replicate"], [*splits], "split", "loss")
    # A point at a time, in the order of the axis.
    order = {point: place for place, point in enumerate(view.points)}
    return long.sort_values("point", key=lambda p: p.map(order), kind="stable", ignore_index=True)
