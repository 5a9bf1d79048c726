"""The paired comparison with a baseline, against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from depthgauge.statistics.compare_baselines import compare_baseline

RNG = np.random.default_rng(2)
EACH = np.arange(30)


def compare(own, theirs, clusters=None, resampled=True, **more):
    values = {split: theirs for split in ("train", "validation", "test")}
    clusters = np.arange(len(own)) if clusters is None else clusters
    return compare_baseline("a", "loss", values, own, clusters, resampled, **more)


@given(st.integers(2, 40), st.floats(-0.5, 0.5), st.integers(0, 10**6))
def test_the_interval_is_that_of_the_paired_t_test(count, shift, seed):
    rng = np.random.default_rng(seed)
    theirs = 1 + rng.gamma(2, size=count)
    own = theirs + shift + rng.normal(scale=0.2, size=count)
    found = compare(own, theirs)
    wanted = stats.ttest_rel(own, theirs)
    around = wanted.confidence_interval(0.95)
    assert found.difference.mean == pytest.approx((own - theirs).mean())
    assert found.difference.interval.low == pytest.approx(around.low, rel=1e-6, abs=1e-9)
    assert found.difference.interval.high == pytest.approx(around.high, rel=1e-6, abs=1e-9)
    sure = wanted.pvalue < 0.05
    assert found.beaten is (bool(own.mean() < theirs.mean()) if sure else None)
    alone = stats.ttest_1samp(theirs, 0).confidence_interval(0.95)
    assert found.estimates["test"].interval.low == pytest.approx(alone.low)
    assert found.level == pytest.approx(theirs.mean())
    assert found.relative == pytest.approx((own - theirs).mean() / theirs.mean())


@pytest.mark.parametrize(("shift", "lower", "higher"), [(0.5, False, True), (-0.5, True, False)])
def test_more_is_better_of_some(shift, lower, higher):
    theirs = RNG.normal(1, 0.1, 30)
    own = theirs + shift + RNG.normal(scale=0.1, size=30)
    assert compare(own, theirs).beaten is lower
    assert compare(own, theirs, higher=True).beaten is higher


def test_a_fixed_split_is_compared_with_every_replicate():
    own = RNG.normal(1.2, 0.1, 30)
    found = compare(own, np.array([1.0]), resampled=False)
    around = stats.ttest_1samp(own, 1.0).confidence_interval(0.95)
    assert found.difference.interval.low == pytest.approx(around.low - 1.0)
    assert (found.pairs, found.splits, found.beaten) == (30, 1, False)
    assert found.estimates["test"].interval is None
    assert found.relative_interval.high == pytest.approx(around.high - 1.0)


def test_replicates_beyond_the_splits_and_those_that_diverged_are_left_out():
    theirs, own = RNG.normal(1, 0.1, 12), RNG.normal(1.2, 0.1, 30)
    own[3] = np.nan
    kept = np.delete(np.arange(12), 3)
    found = compare(own, theirs)
    wanted = stats.ttest_rel(own[kept], theirs[kept]).confidence_interval(0.95)
    assert found.pairs == 11
    assert found.difference.interval.low == pytest.approx(wanted.low)
    # Fewer replicates than splits.
    assert compare(own[:3], theirs).pairs == 3
    # One split of many is not the split of every replicate.
    assert compare(own, theirs[:1]).pairs == 1


def test_the_search_is_the_unit_where_replicates_share_one():
    theirs, own = RNG.normal(1, 0.1, 30), RNG.normal(1.2, 0.1, 30)
    clusters = EACH % 5
    found = compare(own, theirs, clusters)
    means = [[v[clusters == k].mean() for k in range(5)] for v in (own, theirs)]
    wanted = stats.ttest_rel(*means).confidence_interval(0.95)
    assert found.pairs == 5
    assert found.difference.interval.low == pytest.approx(wanted.low)


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        (np.full(5, np.nan), np.ones(5)),
        (np.array([1.0]), np.array([2.0])),
        (np.full(5, 0.9), np.full(5, 0.8)),
        (np.full(5, 0.9), np.full(5, np.nan)),
    ],
)
def test_nothing_is_told_of_what_does_not_vary_or_is_not_there(own, theirs):
    found = compare(own, theirs)
    assert found.beaten is None
    assert found.difference.interval is None
    assert found.relative_interval is None


def test_without_a_network_the_baseline_stands_alone():
    found = compare_baseline("a", "loss", {"test": np.ones(3)}, None, EACH, True)
    assert (found.pairs, found.beaten, found.relative, found.test) == (0, None, None, 1.0)


def test_a_level_of_zero_has_no_shares():
    found = compare(RNG.normal(size=8), np.zeros(8))
    assert found.relative is None
    assert found.relative_interval is None
    assert found.difference.interval is not None
