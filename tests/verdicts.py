"""Verdicts to test with: judged from simulated losses, whole as evaluate makes them."""

import numpy as np

from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.verdicts import JudgedView, Verdicts, ViewVerdict
from simulate import Scenario, simulate
from tests.rules import rules_with

RULES = rules_with(memorised=0.15, resamples=100, stability_resamples=50)


def judge_simulated(test, train, replicates=12, **changed) -> ViewVerdict:
    """The verdict on simulated losses with these expectations; changed: fields of the view."""
    scenario = Scenario(tuple(test), tuple(train), replicates, 60, 60, 0.02, 0.02, 0.02, 0.02, 0.0)
    rng = np.random.default_rng(3)
    view = simulate(scenario, rng)
    return judge(ViewLosses(**{**vars(view), **changed}), RULES, rng)


def make_verdicts(*views: ViewVerdict, answer: str = "So it is.\n  More.\n") -> Verdicts:
    """Verdicts of the recipe `fixed`, then of `tuned`, at each stopping; accuracy says the same."""
    names = [(r, s) for r in ("fixed", "tuned") for s in ("last", "validation")]
    points = tuple(point.point for point in views[0].points)
    pairs = zip(names, views, strict=False)
    judged = tuple(JudgedView(*name, view, {"accuracy": view}) for name, view in pairs)
    return Verdicts("depth", points, views[0].replicates, judged, None, (), answer)
