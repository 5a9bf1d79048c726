import numpy as np
import pytest
from scipy import stats

from depthgauge.statistics import bootstrap
from depthgauge.statistics.bootstrap import (
    Drawn,
    Draws,
    block_starts,
    crossed_draws,
    crossed_intervals,
    lower_bounds,
    multinomial_weights,
)


def draw(differences, kept, block, resamples, rng, clusters=None, groups=None):
    clusters = np.arange(len(kept[0])) if clusters is None else clusters
    return crossed_draws(differences, kept, Drawn(clusters, groups, block), resamples, rng)


def usable(differences):
    return np.ones(differences.shape[:2], dtype=bool)


def pigeonhole_variance(table):
    """Variance of the bootstrap mean of a full (R, K) table over all draws, in closed form.

    From E[u_r u_s] = (1 - 1/R) + [r = s] for multinomial weights, rows and columns independent.
    """
    rows, columns = table.shape
    centred = table - table.mean()
    by_column = (1 - 1 / rows) * (centred.sum(axis=0) ** 2).sum()
    by_row = (1 - 1 / columns) * (centred.sum(axis=1) ** 2).sum()
    return (by_column + by_row + (centred**2).sum()) / (rows * columns) ** 2


@pytest.mark.parametrize(("rows", "block"), [(10, 1), (10, 3), (10, 5), (251, 28), (5, 9), (1, 1)])
def test_blocks_cover_the_rows_and_none_is_short(rows, block):
    starts = block_starts(rows, block)
    lengths = np.diff([*starts, rows])
    assert starts[0] == 0
    assert lengths.sum() == rows
    assert lengths.min() >= min(block, rows)
    assert lengths.max() - lengths.min() <= 1


def test_weights_are_multinomial():
    weights = multinomial_weights(20_000, 4, np.random.default_rng(0))
    assert (weights.sum(axis=1) == 4).all()
    observed = np.bincount(weights[:, 2].astype(int), minlength=5)
    expected = 20_000 * stats.binom.pmf(np.arange(5), 4, 0.25)
    assert stats.chisquare(observed, expected).pvalue > 1e-4


@pytest.mark.parametrize("block", [1, 5])
def test_spread_of_the_draws_is_the_pigeonhole_variance(block):
    rng = np.random.default_rng(1)
    table = rng.normal(size=(8, 1)) + rng.normal(size=(1, 60)) + rng.normal(size=(8, 60))
    draws = draw(table[None], usable(table[None]), block, 40_000, rng)
    blocks = table.reshape(8, -1, block).mean(axis=2)
    assert draws.estimates == pytest.approx([table.mean()])
    assert draws.units.tolist() == [8]
    assert draws.draws.mean() == pytest.approx(table.mean(), abs=0.02)
    assert draws.draws.var() == pytest.approx(pigeonhole_variance(blocks), rel=0.04)


def test_resampled_test_sets_give_each_replicate_the_mean_of_its_own_examples():
    rng = np.random.default_rng(2)
    losses = rng.random((1, 6, 30))
    losses[:, rng.random((6, 30)) < 0.5] = np.nan
    draws = draw(losses, usable(losses), 1, 5, rng)
    assert draws.estimates == pytest.approx([np.nanmean(losses[0], axis=1).mean()])


def test_a_draw_is_the_weighted_mean_written_out(monkeypatch):
    rng = np.random.default_rng(3)
    losses = rng.random((2, 4, 6))
    losses[:, 0, :3] = losses[:, 1, 4:] = np.nan
    kept = np.array([[True, True, True, True], [True, False, True, True]])
    replicates = np.array([[2.0, 1.0, 1.0, 0.0]])
    rows = np.array([[0.0, 1.0, 2.0, 1.0, 0.0, 2.0]])
    given = iter([replicates, rows])
    monkeypatch.setattr(bootstrap, "multinomial_weights", lambda *_: next(given))
    found = draw(losses, kept, 1, 1, rng).draws[0]
    for comparison in range(2):
        total = weight = 0.0
        for r in range(4):
            own = [n for n in range(6) if np.isfinite(losses[comparison, r, n])]
            mean = sum(rows[0, n] * losses[comparison, r, n] for n in own)
            total += kept[comparison, r] * replicates[0, r] * mean / sum(rows[0, n] for n in own)
            weight += kept[comparison, r] * replicates[0, r]
        assert found[comparison] == pytest.approx(total / weight)


def test_memory_is_bounded_without_changing_the_kind_of_draw(monkeypatch):
    losses = np.random.default_rng(4).random((2, 5, 50))
    whole = draw(losses, usable(losses), 1, 4000, np.random.default_rng(5))
    monkeypatch.setattr(bootstrap, "WEIGHTS_AT_ONCE", 120)
    cut = draw(losses, usable(losses), 1, 4000, np.random.default_rng(5))
    assert cut.draws.shape == (4000, 2)
    assert np.isfinite(cut.draws).all()
    assert cut.draws.std(axis=0) == pytest.approx(whole.draws.std(axis=0), rel=0.1)


def test_a_draw_without_examples_for_any_replicate_is_missing():
    losses = np.array([[[1.0, np.nan, np.nan], [1.5, np.nan, np.nan]]])
    losses = np.concatenate([losses, losses], axis=1)
    losses[0, 2:, 1] = 2.0
    draws = draw(losses, usable(losses), 1, 500, np.random.default_rng(0))
    assert np.isfinite(draws.draws).all(axis=1).sum() > 0
    assert np.nanmax(draws.draws) <= 2.0
    assert np.nanmin(draws.draws) >= 1.0


def test_nothing_usable_gives_no_bound():
    losses = np.full((2, 3, 4), np.nan)
    draws = draw(losses, np.zeros((2, 3), dtype=bool), 1, 10, np.random.default_rng(0))
    assert np.isnan(lower_bounds(draws, 0.05, 1.0)).all()


def test_bound_is_the_estimate_less_t_standard_errors():
    values = np.random.default_rng(6).normal(size=(1000, 1))
    draws = Draws(np.array([3.0]), values, np.array([9]), np.zeros(1))
    error = values.std(ddof=1) * np.sqrt(9 / 8)
    wanted = 3.0 + stats.t.ppf(0.01, 8) * error
    assert lower_bounds(draws, 0.01, 1.0) == pytest.approx([wanted])


def test_with_luck_of_replicates_alone_the_bound_is_the_paired_tests():
    values = np.random.default_rng(7).normal(1.0, 0.3, size=12)
    losses = np.repeat(values[None, :, None], 40, axis=2)
    draws = draw(losses, usable(losses), 1, 40_000, np.random.default_rng(8))
    wanted = stats.ttest_1samp(values, 0, alternative="greater").confidence_interval(0.99).low
    assert lower_bounds(draws, 0.01, 1.0) == pytest.approx([wanted], rel=0.02)


@pytest.mark.parametrize("shape", [(1, 1, 30), (1, 5, 1)], ids=["one replicate", "one row"])
def test_one_unit_of_either_kind_gives_no_bound(shape):
    losses = np.random.default_rng(9).random(shape)
    draws = draw(losses, usable(losses), 1, 100, np.random.default_rng(0))
    assert np.isnan(lower_bounds(draws, 0.05, 1.0)).all()


def test_no_variance_gives_no_bound():
    losses = np.full((1, 5, 30), 0.3)
    draws = draw(losses, usable(losses), 1, 100, np.random.default_rng(0))
    assert np.isnan(lower_bounds(draws, 0.05, 1.0)).all()


def test_without_luck_of_examples_the_interval_is_that_of_the_t_test():
    rng = np.random.default_rng(5)
    replicates, rows = 30, 50
    differences = np.repeat(rng.normal(1.0, 0.3, (1, replicates, 1)), rows, axis=2)
    draws = draw(differences, np.ones((1, replicates), dtype=bool), 1, 4000, rng)
    low, high = crossed_intervals(draws, 1.0)
    wanted = stats.ttest_1samp(differences[0, :, 0], 0).confidence_interval(0.95)
    assert (low[0], high[0]) == pytest.approx(tuple(wanted), rel=0.03)


def test_luck_of_examples_widens_the_interval():
    rng = np.random.default_rng(6)
    seeds, examples = rng.normal(1.0, 0.1, (1, 30, 1)), rng.normal(0, 2.0, (1, 1, 40))
    draws = draw(seeds + examples, np.ones((1, 30), dtype=bool), 1, 2000, rng)
    low, high = crossed_intervals(draws, 1.0)
    alone = stats.ttest_1samp((seeds + examples).mean(2)[0], 0).confidence_interval(0.95)
    assert high[0] - low[0] > 5 * (alone.high - alone.low)


def test_rows_of_a_group_are_drawn_together():
    rng = np.random.default_rng(3)
    people = np.repeat(np.arange(12), 5)
    luck = rng.normal(0, 1, 12)[people]
    differences = np.broadcast_to(luck, (1, 30, 60)) + rng.normal(0, 0.1, (1, 30, 60))
    kept = np.ones((1, 30), dtype=bool)
    order = rng.permutation(60)
    rows = draw(differences[:, :, order], kept, 1, 4000, rng)
    groups = draw(differences[:, :, order], kept, 1, 4000, rng, groups=people[order])
    assert groups.estimates == pytest.approx(rows.estimates)
    assert (rows.units[0], groups.units[0]) == (30, 12)
    # Five rows a person that say the same: the variance is five times as large.
    assert groups.draws.var() / rows.draws.var() == pytest.approx(5, rel=0.1)


def test_replicates_of_a_cluster_are_drawn_together():
    rng = np.random.default_rng(4)
    clusters = np.arange(40) % 5
    luck = rng.normal(0, 1, 5)
    differences = np.broadcast_to(luck[clusters][None, :, None], (1, 40, 20)).copy()
    kept = np.ones((1, 40), dtype=bool)
    alone = draw(differences, kept, 1, 4000, rng)
    together = draw(differences, kept, 1, 4000, rng, clusters=clusters)
    assert (alone.units[0], together.units[0]) == (20, 5)
    assert together.estimates == pytest.approx([luck.mean()])
    assert together.draws.var() == pytest.approx(luck.var() / 5, rel=0.1)


def test_a_cluster_has_the_test_examples_of_its_replicates():
    differences = np.array([[[1.0, 2, np.nan, np.nan], [np.nan, np.nan, 3, 6], [8, 8, 8, 8]]])
    found = draw(
        differences, usable(differences), 1, 10, np.random.default_rng(0), np.array([0, 0, 1])
    )
    assert found.estimates == pytest.approx([(3 + 8) / 2])
