from dataclasses import replace

import numpy as np
import pytest

from depthgauge.statistics.judge import judge
from depthgauge.statistics.stability import NONE, answers, stability


def drawn(view, order):
    return replace(
        view,
        example_losses=view.example_losses[:, order],
        **{name: getattr(view, name)[order] for name in ("test_last", "test_earlier", "finite")},
        quantities={name: values[order] for name, values in view.quantities.items()},
    )


@pytest.mark.parametrize("seed", range(4))
def test_each_resample_is_judged_as_if_it_were_the_experiment(make_view, noisy, rules, seed):
    rng = np.random.default_rng(seed)
    test = noisy((1.04, 1.0, 1.03, 1.06), replicates=7, sd=0.03, seed=seed)
    train = noisy((0.6, 0.55, 0.53, 0.5), replicates=7, sd=0.05, seed=seed + 50)
    finite = rng.random(test.shape) > 0.15
    examples = np.where(finite.T[:, :, None], test.T[:, :, None], np.nan) * np.ones(3)
    view = make_view(test, train=train, finite=finite, example_losses=examples)
    few = rules.model_copy(update={"resamples": 2, "stability_resamples": 1, "alpha": 0.4})
    orders = [rng.integers(0, 7, 7) for _ in range(60)] + [np.zeros(7, dtype=int), np.arange(7)]
    weights = np.array([np.bincount(order, minlength=7) for order in orders], dtype=float)
    best, threshold = answers(view, few, weights)
    seen = set()
    for order, b, t in zip(orders, best, threshold, strict=True):
        wanted = judge(drawn(view, order), few, rng)
        assert wanted.best == (None if b == NONE else b)
        assert wanted.on_this_data.threshold == (None if t == NONE else t)
        seen.add(int(t))
    assert len(seen) > 1


def test_a_clear_answer_is_given_by_every_resample(make_view, noisy, rules):
    view = make_view(noisy((1.0, 2.0, 3.0), sd=0.001))
    assert stability(view, rules, 0, 1, np.random.default_rng(0)) == 1.0
    assert stability(view, rules, 0, 2, np.random.default_rng(0)) == 0.0
    assert stability(view, rules, 0, None, np.random.default_rng(0)) == 0.0


def test_no_threshold_is_an_answer_too(make_view, noisy, rules):
    view = make_view(noisy((1.0, 1.0005), sd=0.00001))
    assert stability(view, rules, 0, None, np.random.default_rng(0)) == 1.0


def test_two_replicates_that_disagree_in_closed_form(make_view, rules):
    test = np.array([[1.0, 1.2], [1.2, 1.0]])
    many = rules.model_copy(update={"stability_resamples": 20_000})
    # Two replicates: both 0 (1/4), one of each (1/2, a tie: the least point), both 1 (1/4).
    share = stability(make_view(test), many, 0, None, np.random.default_rng(0))
    assert share == pytest.approx(0.75, abs=0.02)
