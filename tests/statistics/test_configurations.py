"""Held against SciPy's t tests, a formula by hand, and simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from compare_simulation import NULLS, POWERS, Runs, alarms, detected
from depthgauge.statistics.configurations import (
    FEW_RUNS,
    MOST_RUNS,
    compare_configurations,
    noncentrality,
    runs_to_resolve,
    simplest_not_told_apart,
)


def drawn(seed, seeds=7, configurations=4, lost=0.0):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(seeds, configurations)) + rng.normal(size=(seeds, 1))
    values[rng.random(values.shape) < lost] = np.nan
    return values


@given(st.integers(0, 1000), st.sampled_from([0.0, 0.2]))
def test_pairs_of_seeds_as_scipy_has_them(seed, lost):
    values = drawn(seed, lost=lost)
    found = compare_configurations(values, True, 0.05)
    for one, two in ((0, 1), (1, 3), (3, 2)):
        if not found.paired[one, two] or np.isnan(found.error[one, two]):
            continue
        both = np.isfinite(values[:, [one, two]]).all(axis=1)
        test = stats.ttest_rel(values[both, two], values[both, one])
        assert found.p[one, two] == pytest.approx(test.pvalue)
        level = 1 - 0.05 / 6
        low, high = test.confidence_interval(level)
        assert found.difference[one, two] - found.half[one, two] == pytest.approx(low)
        assert found.difference[one, two] + found.half[one, two] == pytest.approx(high)
        # As statsmodels' multipletests(method="bonferroni").
        assert found.adjusted_p[one, two] == pytest.approx(min(1, 6 * test.pvalue))


@given(st.integers(0, 1000), st.sampled_from([0.0, 0.3]))
def test_means_without_seeds_as_scipy_has_them(seed, lost):
    values = drawn(seed, seeds=9, lost=lost)
    found = compare_configurations(values, False, 0.05)
    columns = [column[np.isfinite(column)] for column in values.T]
    for one, two in ((0, 1), (1, 3), (3, 2)):
        if min(columns[one].size, columns[two].size) < 2:
            assert np.isnan(found.error[one, two])
            continue
        test = stats.ttest_ind(columns[two], columns[one], equal_var=False)
        sizes = (columns[one].size, columns[two].size)
        if sizes[0] != sizes[1] and min(sizes) <= FEW_RUNS:
            # Hsu's: the error is the same, the degrees of freedom are fewer.
            assert found.freedom[one, two] == min(sizes) - 1 < test.df + 1e-9
            p = 2 * stats.t.sf(abs(test.statistic), min(sizes) - 1)
            assert found.p[one, two] == pytest.approx(p)
            continue
        assert found.p[one, two] == pytest.approx(test.pvalue)
        assert found.freedom[one, two] == pytest.approx(test.df)
        low, high = test.confidence_interval(1 - 0.05 / 6)
        assert found.difference[one, two] - found.half[one, two] == pytest.approx(low)
        assert found.difference[one, two] + found.half[one, two] == pytest.approx(high)


@given(st.integers(0, 1000), st.booleans())
def test_what_the_order_of_configurations_changes_is_their_order(seed, seeded):
    values = drawn(seed, lost=0.1)
    order = np.random.default_rng(seed).permutation(4)
    found = compare_configurations(values, seeded, 0.05)
    again = compare_configurations(values[:, order], seeded, 0.05)
    np.testing.assert_allclose(again.difference, found.difference[np.ix_(order, order)])
    np.testing.assert_allclose(again.half, found.half[np.ix_(order, order)])
    np.testing.assert_allclose(found.difference, -found.difference.T)


def test_seeds_that_hardly_overlap_are_no_pairs():
    values = drawn(0, seeds=10, configurations=3)
    values[:4, 1] = np.nan
    values[6:, 0] = np.nan
    found = compare_configurations(values, True, 0.05)
    # Two of six runs have a partner: all are used rather than these.
    assert not found.paired[0, 1]
    assert found.paired[0, 2]
    test = stats.ttest_ind(values[4:, 1], values[:6, 0], equal_var=False)
    assert found.p[0, 1] == pytest.approx(test.pvalue)


def test_what_does_not_vary_is_not_told():
    values = np.array([[1.0, 2.0, 1.0], [1.0, 2.0, 3.0], [1.0, 2.0, 2.0]])
    found = compare_configurations(values, True, 0.05)
    assert found.difference[0, 1] == 1
    assert np.isnan(found.p[0, 1])
    assert not found.apart[0, 1]
    assert found.smallest(0, 1) is None
    assert runs_to_resolve(found, 0, 1) is None


@pytest.mark.parametrize("freedom", [1.0, 2.5, 4.0, 19.0, 300.0])
@pytest.mark.parametrize("level", [0.025, 0.0005])
def test_the_smallest_difference_by_the_noncentral_t_distribution(freedom, level):
    critical = stats.t.isf(level, freedom)
    chance = stats.nct.sf(critical, freedom, noncentrality(freedom, level))
    assert chance == pytest.approx(0.8, abs=1e-4)


@given(st.integers(0, 300), st.booleans())
def test_so_many_runs_resolve_and_one_less_does_not(seed, seeded):
    found = compare_configurations(drawn(seed), seeded, 0.05)
    wanted = runs_to_resolve(found, 0, 1)
    if wanted is None or wanted == 2:
        return
    assert wanted <= MOST_RUNS
    now = found.freedom[0, 1] / (found.runs[0, 1] - 1)
    assert found.each[0, 1] == pytest.approx(now)
    for count, enough in ((wanted, True), (wanted - 1, False)):
        error = found.error[0, 1] * np.sqrt(found.runs[0, 1] / count)
        smallest = noncentrality(float(now * (count - 1)), found.level) * error
        assert (smallest <= abs(found.difference[0, 1])) == enough


def test_how_many_of_each_where_one_has_many_already():
    """The many runs of one do not count as if they would grow with the other's."""
    rng = np.random.default_rng(3)
    values = rng.normal([0.0, 0.6], 1, size=(60, 2))
    values[8:, 0] = np.nan
    found = compare_configurations(values, False, 0.05)
    wanted = runs_to_resolve(found, 0, 1)
    spread = np.sqrt(np.nanvar(values, axis=0, ddof=1).sum())
    size = abs(found.difference[0, 1])
    # The usual formula by the normal distribution, for a t test of many runs.
    usual = (spread * (stats.norm.isf(0.025) + stats.norm.isf(0.2)) / size) ** 2
    assert wanted == pytest.approx(usual, rel=0.1, abs=2)


def test_the_simplest_of_those_that_are_the_very_same():
    values = np.array([[1.0, 1.0, 2.0], [1.5, 1.5, 2.5], [1.2, 1.2, 2.2]])
    found = compare_configurations(values, True, 0.05)
    assert simplest_not_told_apart(found, 1, np.array([0.0, 1, -1]), higher=False) == 0


def test_the_simplest_that_is_not_told_apart():
    rng = np.random.default_rng(0)
    values = np.array([0.5, 0.02, 0.0, 0.01, 0.6]) + 0.05 * rng.normal(size=(12, 5))
    found = compare_configurations(values, True, 0.05)
    order = np.array([0.0, 1, 2, 3, 4])
    assert simplest_not_told_apart(found, 2, order, higher=False) == 1
    # Of those as simple the better one.
    assert simplest_not_told_apart(found, 2, np.array([0.0, 1, 1, 1, 1]), higher=False) == int(
        np.argmin(values.mean(axis=0))
    )
    flipped = compare_configurations(-values, True, 0.05)
    assert simplest_not_told_apart(flipped, 2, order, higher=True) == 1


EXPERIMENTS = pytest.mark.parametrize(
    "experiments", [200, pytest.param(4000, marks=pytest.mark.slow)]
)


@EXPERIMENTS
@pytest.mark.parametrize("runs", NULLS, ids=lambda runs: f"{runs.name}-{runs.seeds}")
def test_false_alarms_in_any_pair(runs, experiments):
    assert alarms(runs, experiments) <= stats.binom.ppf(0.999, experiments, 0.05) / experiments


@EXPERIMENTS
@pytest.mark.parametrize("runs", POWERS, ids=lambda runs: runs.name)
def test_the_smallest_difference_is_told_apart_as_often_as_said(runs, experiments):
    spread = 3.3 * np.sqrt(0.8 * 0.2 / experiments)
    assert detected(runs, experiments) == pytest.approx(0.8, abs=spread + 0.015)


def test_the_simulation_would_catch_pairs_that_are_not_counted():
    rng = np.random.default_rng(0)
    runs = Runs("", 5, 10)
    found = [runs.compare(runs.draw(rng)) for _ in range(200)]
    assert np.mean([(each.p < 0.05).any() for each in found]) > 0.15
