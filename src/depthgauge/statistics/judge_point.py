"""One point against the best one."""

import numpy as np

from depthgauge.statistics.convergence import still_falling
from depthgauge.statistics.losses import FloatArray, Rules, ViewLosses
from depthgauge.statistics.paired import interval, number_of_pairs, rise_p
from depthgauge.statistics.verdicts import Comparison, Interval, PointVerdict
from depthgauge.statistics.words import Verdict


def judge_point(
    view: ViewLosses, rules: Rules, best: int | None, index: int, diverged: bool, bound: float
) -> PointVerdict:
    """The verdicts on the point with this index.

    best: index of b, or None. bound: the crossed bootstrap's lower bound, NaN where there is none.
    """
    finite = view.finite[:, index]
    test = view.test[finite, index]
    comparison = None
    if diverged or best is None:
        this_data = new_data = Verdict.DIVERGED
    elif index == best:
        this_data = new_data = Verdict.BEST
    else:
        comparison = _compare(view, rules, best, index, bound)
        this_data = new_data = Verdict.BEFORE_BEST
        if index > best:
            p, low = comparison.adjusted_p, comparison.lower_bound
            cause = _cause(comparison.train_interval)
            this_data = _verdict(None if p is None else p <= rules.alpha, cause)
            new_data = _verdict(None if low is None else low > 0, cause)
    return PointVerdict(
        point=view.points[index],
        on_this_data=this_data,
        for_new_data=new_data,
        finite_replicates=test.size,
        test_mean=_mean(test),
        test_interval=interval(test),
        validation_mean=_mean(view.validation[finite, index]),
        train_mean=_mean(view.train_last[finite, index]),
        still_falling=still_falling(
            view.test_last[finite, index],
            view.test_earlier[finite, index],
            rules.margin,
            rules.alpha,
        ),
        comparison=comparison,
    )


def _compare(view: ViewLosses, rules: Rules, best: int, index: int, bound: float) -> Comparison:
    both = view.finite[:, best] & view.finite[:, index]
    test_b, test_d = view.test[both, best], view.test[both, index]
    train = view.train_last[both, index] - view.train_last[both, best]
    difference = _mean(test_d - test_b)
    base = _mean(test_b)
    p = rise_p(test_d, test_b, rules.margin) if index > best else None
    return Comparison(
        pairs=int(both.sum()),
        left_out=int((~both).sum()),
        difference=difference,
        interval=interval(test_d - test_b),
        relative_rise=difference / base if difference is not None and base else None,
        train_difference=_mean(train),
        train_interval=interval(train),
        adjusted_p=None if p is None else min(1.0, p * number_of_pairs(len(view.points))),
        lower_bound=None if np.isnan(bound) else float(bound),
    )


def _mean(values: FloatArray) -> float | None:
    return float(values.mean()) if values.size else None


def _cause(train: Interval | None) -> Verdict:
    """What a rise of test loss is called, from the interval of the change of train loss."""
    if train is not None and train.high < 0:
        return Verdict.OVERFITS
    if train is not None and train.low > 0:
        return Verdict.OPTIMIZATION_PROBLEM
    return Verdict.CAUSE_UNCLEAR


def _verdict(resolved: bool | None, cause: Verdict) -> Verdict:
    if resolved is None:
        return Verdict.CANNOT_TELL
    return cause if resolved else Verdict.NO_RISE_RESOLVED
