"""Where overfitting begins along one setting, by the rule of an experiment's pipeline."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from depthgauge.axes.axis import Axis
from depthgauge.comparison.group import Grouped
from depthgauge.comparison.names import split_prefix
from depthgauge.comparison.result import Found
from depthgauge.infer.defaults import first_settings
from depthgauge.report.prose.numbers import percent
from depthgauge.report.prose.render import render_lines
from depthgauge.seeds import Purpose, generator
from depthgauge.statistics.estimates import Point
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import FloatArray


@dataclass(frozen=True)
class Along:
    """What is said of the points of a setting, the rest being `others`: "" where all else is same.

    threshold: None where none is found, or where without a train loss its cause is not known.
    """

    others: str
    sentence: str
    threshold: Point | None


def thresholds(found: Found, order: str, alpha: float) -> list[Along]:
    """For each configuration of the other settings, along `order`."""
    grouped = found.grouped
    if order not in grouped.settings:
        return []
    kept = grouped.configurations.iloc[list(found.compared)]
    points = pd.to_numeric(kept[order]).to_numpy(float)
    rest = [name for name in grouped.settings if name != order]
    whole = pd.Series(0, kept.index)
    group = kept.groupby(rest, dropna=False, sort=False).ngroup() if rest else whole
    said = []
    for number in dict.fromkeys(group.tolist()):
        places = np.flatnonzero(group.to_numpy() == number).tolist()
        values = kept[rest].iloc[places[0]]
        names = zip((split_prefix(name)[1] for name in rest), values, strict=True)
        others = " ".join(f"{name}={value}" for name, value in names)
        ordered = sorted(places, key=lambda place: points[place])
        if len(ordered) > 1:
            at = [found.compared[place] for place in ordered]
            along = [_point(points[place]) for place in ordered]
            said.append(_along(grouped, at, along, order, others, alpha))
    return said


def _point(value: float) -> int | float:
    return int(value) if value == int(value) else float(value)


def _along(
    grouped: Grouped,
    places: list[int],
    points: list[int | float],
    order: str,
    others: str,
    alpha: float,
) -> Along:
    noun = split_prefix(order)[1]
    test, train = _costs(grouped, places)
    if test is None:
        why = f"{grouped.metric} is no loss or share, so that no threshold is judged"
        return Along(others, f"{why}.", None)
    if not grouped.seed:
        return Along(others, "without the same seeds at every point no threshold is judged.", None)
    rows = np.isfinite(test).any(axis=1)
    test = test[rows]
    known = train is not None
    train = train[rows] if train is not None else np.zeros_like(test)
    finite = np.isfinite(test) & np.isfinite(train)
    losses = {"train_loss": train, "validation_loss": test, "test_loss": test}
    view = ViewLosses(
        points=tuple(points),
        quantities={name: np.where(finite, of, 0.0) for name, of in losses.items()},
        test_last=None,
        test_earlier=None,
        finite=finite,
        memorised=np.full(test.shape, np.nan),
        # One example: of other data nothing is said.
        example_losses=np.where(finite, test, 0.0).T[:, :, None],
        clusters=np.arange(len(test)),
    )
    verdict = judge(view, _rules(alpha), generator(0, Purpose.BOOTSTRAP, 0))
    axis = Axis(noun, noun, noun, noun, "at", before=f"{noun} ")
    if known:
        words = render_lines("view", verdict=verdict, of=axis, examples_known=False)[0]
        said = words.removeprefix("On this data: ")
        said = f"with 1 − {grouped.metric} as the loss, {said}" if grouped.higher else said
        return Along(others, f"{said[0].upper()}{said[1:]}", verdict.on_this_data.threshold)
    rise = verdict.on_this_data.rise
    if rise is None:
        return Along(others, f"No rise of {grouped.metric} beyond its best is resolved.", None)
    best = axis.point_name(verdict.best) if verdict.best is not None else "the best"
    share = rise.comparison.relative_rise
    more = f" by {percent(share)}" if share is not None else ""
    return Along(
        others,
        f"Beyond {best} {grouped.metric} gets worse first {axis.at(rise.point)}{more}; whether "
        "that is overfitting, train loss would tell, which is not there.",
        None,
    )


def _rules(alpha: float) -> Rules:
    """Those of a first experiment; no examples' losses are known, so little is resampled."""
    usual = Rules(**first_settings()["threshold"])
    return usual.model_copy(update={"alpha": alpha, "memorised": 0.0, "resamples": 1000})


def _costs(grouped: Grouped, places: list[int]) -> tuple[FloatArray | None, FloatArray | None]:
    """(S, D) losses of test and train data; of a share that is to be high, what lacks to 1."""
    test = grouped.values[:, places]
    train = None if grouped.train is None else grouped.train[:, places]
    if grouped.higher:
        test, train = 1 - test, None if train is None else 1 - train
    each = [test] if train is None else [test, train]
    if any((of[np.isfinite(of)] < 0).any() for of in each):
        return None, None
    return test, train
