"""A planted cure is found, one that is none is not, and it holds with the search as the unit."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from depthgauge.statistics.cure import cure
from depthgauge.statistics.effects import Effect
from depthgauge.statistics.judge import judge
from tests.rules import rules_with

RULES = rules_with(resamples=100, stability_resamples=10)
OVERFITS = (1.2, 1.0, 1.3, 1.6)
OTHER = ("tuned", "validation")


def made(make_view, noisy, means, first=OVERFITS, **changed):
    """The cure of the first view by one of these means; both have the luck of their replicates."""
    one = make_view(noisy(first, replicates=24))
    other = replace(make_view(noisy(means, replicates=24, seed=1)), **changed)
    verdict = judge(one, RULES, np.random.default_rng(0))
    return cure(OTHER, one, verdict, other, RULES), one, other


@pytest.mark.parametrize(
    ("means", "effect"),
    [
        ((1.2, 1.0, 0.95, 1.0), Effect.REMOVES),
        ((1.2, 1.0, 1.1, 1.2), Effect.LESSENS),
        (OVERFITS, Effect.LEAVES),
        ((1.2, 1.0, 1.5, 1.9), Effect.ENLARGES),
    ],
)
def test_effects_at_the_threshold(make_view, noisy, means, effect):
    found, _, _ = made(make_view, noisy, means)
    assert (found.recipe, found.stopping, found.effect) == (*OTHER, effect)
    assert [entry.point for entry in found.points] == [2, 3]


def test_differences_are_paired_with_scipys_interval(make_view, noisy):
    found, one, other = made(make_view, noisy, (1.2, 1.0, 1.1, 1.2))
    base = one.test[:, 1].mean()
    first, rise = ((v.test[:, 2] - v.test[:, 1]) / base for v in (one, other))
    entry = found.at(2)
    assert entry.first == pytest.approx(first.mean())
    assert entry.rise == pytest.approx(rise.mean())
    difference = rise - first
    low, high = stats.t.interval(0.95, 23, difference.mean(), stats.sem(difference))
    assert entry.interval.low == pytest.approx(low)
    assert entry.interval.high == pytest.approx(high)


def test_searches_are_the_unit_where_there_are_some(make_view, noisy):
    clusters = np.arange(24) % 4
    found, one, other = made(make_view, noisy, (1.2, 1.0, 1.1, 1.2), clusters=clusters)
    base = np.mean([one.test[clusters == c, 1].mean() for c in range(4)])
    difference = (other.test[:, 2] - other.test[:, 1] - one.test[:, 2] + one.test[:, 1]) / base
    units = [difference[clusters == c].mean() for c in range(4)]
    low, high = stats.t.interval(0.95, 3, np.mean(units), stats.sem(units))
    assert found.at(2).interval.low == pytest.approx(low)
    assert found.at(2).interval.high == pytest.approx(high)


def test_little_luck_of_few_tells_nothing(make_view, noisy):
    one = make_view(noisy(OVERFITS, replicates=24))
    other = make_view(np.abs(noisy((1.2, 1.0, 1.28, 1.5), replicates=24, sd=0.5, seed=2)))
    verdict = judge(one, RULES, np.random.default_rng(0))
    assert cure(OTHER, one, verdict, other, RULES).effect is Effect.CANNOT_TELL


def test_without_a_threshold_there_is_nothing_to_cure(make_view, noisy):
    found, _, _ = made(make_view, noisy, OVERFITS, first=(1.0, 1.0, 1.0, 1.0))
    assert found is None or found.effect is None
    diverged = make_view(noisy(OVERFITS), finite=np.zeros((20, 4), dtype=bool))
    verdict = judge(diverged, RULES, np.random.default_rng(0))
    assert cure(OTHER, diverged, verdict, diverged, RULES) is None


def test_equal_views_are_hardly_ever_told_apart(make_view):
    """The 95 % interval of a difference that is none, with luck that both views share in part."""
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(200):
        shared = rng.normal(0, 0.05, (20, 1))
        views = [
            make_view(np.array(OVERFITS) + shared + rng.normal(0, 0.03, (20, 4))) for _ in range(2)
        ]
        verdict = judge(views[0], RULES, rng)
        entry = cure(OTHER, views[0], verdict, views[1], RULES).at(2)
        wrong += not entry.interval.low <= 0 <= entry.interval.high
    assert wrong <= stats.binom.ppf(0.999, 200, 0.05)
