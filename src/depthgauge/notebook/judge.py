"""`dg.judge`: is it overfitting, and is that luck? Of losses that one already has."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from depthgauge.errors import InputError
from depthgauge.notebook.judged import JudgedResult, Told, conclude
from depthgauge.notebook.long_frame import Examples, Losses, Names, read_examples, read_losses
from depthgauge.notebook.parameter import Simpler, ordered_points, parameter_axis
from depthgauge.notebook.rules import rules_of
from depthgauge.statistics.estimates import Point, View
from depthgauge.statistics.losses import PointLosses, ViewLosses, view_losses
from depthgauge.statistics.rules import Rules, require_judging_memory
from depthgauge.statistics.stopping import STOPPINGS, BoolArray, FloatArray, IntArray, stopped
from depthgauge.training.runs import STOPPING_WORDS

RECIPE = "fixed"


def judge(
    frame: pd.DataFrame,
    *,
    point: str = "point",
    replicate: str = "replicate",
    split: str = "split",
    loss: str = "loss",
    epoch: str = "epoch",
    examples: pd.DataFrame | None = None,
    row: str = "row",
    group: str = "group",
    resampled: bool | None = None,
    training_share: float | None = None,
    simpler: Simpler = "small",
    loss_name: str = "loss",
    threshold: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> JudgedResult:
    """Where overfitting begins, by losses that were measured anywhere.

    frame: a row for each point, replicate and split ("train", "test" and, where there is one,
    "validation"), with the mean loss over the examples of that split: at least 0, less is better,
    NaN where training diverged. With a column `epoch` the frame holds whole curves, of which the
    last epoch is judged and, with validation losses, early stopping too. Replicates differ by luck
    alone, seeds or splits; one number means the same luck at every point. The names of the
    columns are the arguments `point` to `epoch`; that of the points names them in the answer.

    examples: the test loss of each example after the last epoch, a row for each point, replicate
    and `row` (what names the example), and perhaps the `group` that it belongs to, a person say.
    Without it nothing is said of new data.

    resampled: whether each replicate has splits of its own; None: as the test sets of `examples`
    say, no without them. training_share: of all examples, what trains in each replicate where
    splits are resampled; None: all that are not tested. simpler: which end of numeric points is
    the simple one, "large" for n_neighbors; other points come in the order of the frame.
    loss_name: what to call the loss. threshold: keys of the section `threshold` of params.yaml
    ({"margin": 0.02}). seed: of the bootstraps.

    Returns a result that shows the answer and the figure; `losses` has what was judged. Raises
    ValueError, in one line, for a column that is missing, a combination of point and replicate
    that is missing or given twice, and losses below 0.

    Example:
        >>> import pandas as pd
        >>> import depthgauge as dg
        >>> test = {1: [1.0, 1.1, 0.9], 2: [0.5, 0.6, 0.4], 3: [0.9, 0.99, 0.8]}
        >>> frame = pd.DataFrame(
        ...     {"depth": depth, "replicate": r, "split": split, "loss": loss}
        ...     for depth, losses in test.items()
        ...     for r, value in enumerate(losses)
        ...     for split, loss in (("train", value / (1 + depth)), ("test", value))
        ... )
        >>> result = dg.judge(frame, point="depth")
        >>> int(result.verdicts["best"].iloc[0])
        2
    """
    names = Names(point, replicate, split, loss, epoch, row, group)
    rules = rules_of(threshold)
    losses = read_losses(frame, names)
    known = Examples(np.empty((len(losses.points), len(losses.replicates), 0)), None)
    if examples is not None:
        known = read_examples(examples, names, losses)
    found = ordered_points(point, losses.points, simpler)
    places = [losses.points.index(value) for _, value in found]
    points = [each for each, _ in found]
    measured, own_splits = known.losses[places], _resampled(known.losses, resampled)
    check_memory(rules, measured)
    validated = "validation_loss" in losses.curves[0]
    share = _training_share(known.losses, training_share) if own_splits else 0.0
    views: dict[View, ViewLosses] = {}
    for stopping in STOPPINGS if losses.trained and validated else STOPPINGS[:1]:
        # The losses of examples are those after the last epoch.
        of_last = stopping == STOPPINGS[0]
        views[RECIPE, stopping] = losses_of(
            points,
            [losses.curves[place] for place in places],
            measured if of_last else measured[:, :, :0],
            rules,
            stopping=stopping,
            groups=known.groups if of_last else None,
            training_share=share,
        )
    told = Told(
        axis=parameter_axis(point, simpler),
        name=point,
        recipe="",
        loss=loss_name,
        model="model",
        titles=_titles(losses, views),
        resampled=own_splits,
        validated=validated,
        group=None if known.groups is None else group,
    )
    return conclude(views, told, rules, seed)


def losses_of(
    points: list[Point],
    curves: Sequence[Mapping[str, FloatArray]],
    examples: FloatArray,
    rules: Rules,
    *,
    stopping: str = STOPPINGS[0],
    reference: float | None = None,
    groups: IntArray | None = None,
    training_share: float = 0.0,
) -> ViewLosses:
    """The losses of one view. curves: of each point, (R, E) by name; a validation loss is the test
    loss where there is none. examples: (D, R, N), N = 0 where they are not known.

    reference: train loss of the best constant; None with a train error, or where it is unknown.
    """
    replicates, rows = examples.shape[1:]
    everywhere = np.broadcast_to(np.arange(rows), (replicates, rows))
    unknown = reference is None and "train_error" not in curves[0]
    whole = [{"validation_loss": curve["test_loss"], **curve} for curve in curves]
    measured = [
        PointLosses(curve, stopped(dict(curve)), everywhere, {stopping: of_examples}, {}, {})
        for curve, of_examples in zip(whole, examples, strict=True)
    ]
    found = view_losses(
        points,
        measured,
        stopping,
        rows,
        rules.falling_over,
        1.0 if unknown else reference,
        np.arange(replicates),
        groups,
        training_share,
    )
    if unknown:
        found = replace(found, memorised=np.full(found.finite.shape, np.nan))
    if all(curve["test_loss"].shape[1] == 1 for curve in curves):
        # Of one epoch nothing can be said of what still falls.
        found = replace(found, test_last=None, test_earlier=None)
    return found


def check_memory(rules: Rules, examples: FloatArray) -> None:
    """Raises ValueError where what a judgement holds would not fit; examples: (D, R, N)."""
    try:
        require_judging_memory(rules, *examples.shape)
    except InputError as error:
        raise ValueError(str(error)) from None


def _resampled(examples: FloatArray, asked: bool | None) -> bool:
    if asked is not None:
        return asked
    tested: BoolArray = np.asarray(np.isfinite(examples).any(axis=0))
    return bool(tested.size and (tested != tested[0]).any())


def _training_share(examples: FloatArray, asked: float | None) -> float:
    if asked is not None:
        if not 0 < asked < 1:
            raise ValueError(f"training_share: {asked} must lie between 0 and 1")
        return asked
    tested = np.isfinite(examples).any(axis=0)
    return float(1 - tested.mean()) if tested.size else 0.0


def _titles(losses: Losses, views: Mapping[View, ViewLosses]) -> dict[View, str]:
    if not losses.trained:
        return dict.fromkeys(views, "losses as given")
    return {view: f"losses {STOPPING_WORDS[view[1]]}" for view in views}
