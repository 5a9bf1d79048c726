import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from depthgauge.statistics.judge import judge, least, still_falling, usable_points
from depthgauge.statistics.verdicts import OVERFITTING, RISES, Outcome, Verdict

MEANS = (1.2, 1.0, 1.005, 1.3, 1.5)


def verdict(view, rules):
    return judge(view, rules, np.random.default_rng(1))


def words(found):
    return [point.on_this_data for point in found.points]


def test_a_clear_threshold_is_found_for_both_questions(make_view, noisy, rules):
    found = verdict(make_view(noisy(MEANS), points=(0, 1, 2, 4, 8)), rules)
    wanted = [Verdict.BEFORE_BEST, Verdict.BEST, Verdict.NO_RISE_RESOLVED, *[Verdict.OVERFITS] * 2]
    assert words(found) == wanted
    assert [point.for_new_data for point in found.points] == wanted
    assert (found.best, found.on_this_data.threshold, found.for_new_data.threshold) == (1, 4, 4)
    assert found.on_this_data.outcome is Outcome.THRESHOLD_FOUND
    assert found.on_this_data.rise.point == 4
    assert found.stability > 0.9


def test_resolved_at_alpha_and_not_just_below_it(make_view, noisy, rules):
    view = make_view(noisy((1.0, 1.02)))
    p = verdict(view, rules).points[1].comparison.adjusted_p
    assert words(verdict(view, rules.model_copy(update={"alpha": p})))[1] is Verdict.OVERFITS
    assert (
        words(verdict(view, rules.model_copy(update={"alpha": p * 0.999})))[1]
        is Verdict.NO_RISE_RESOLVED
    )


@pytest.mark.parametrize(
    ("train", "sd", "wanted"),
    [
        ((1.0, 0.5), 0.01, Verdict.OVERFITS),
        # Nothing, or less than half, of the rise is one of train loss.
        ((0.7, 0.7), 0.01, Verdict.OVERFITS),
        ((0.5, 0.65), 0.01, Verdict.OVERFITS),
        ((0.5, 0.85), 0.01, Verdict.OPTIMIZATION_PROBLEM),
        ((0.5, 1.2), 0.01, Verdict.OPTIMIZATION_PROBLEM),
        ((0.5, 0.75), 0.15, Verdict.PARTLY_OVERFITS),
        ((0.5, 0.75), 0.4, Verdict.CAUSE_UNCLEAR),
    ],
)
def test_the_larger_part_of_a_rise_names_its_cause(make_view, noisy, rules, train, sd, wanted):
    view = make_view(noisy((1.0, 1.5), replicates=8), train=noisy(train, 8, sd, seed=1))
    found = verdict(view, rules)
    for point, answer in (
        (found.points[1].on_this_data, found.on_this_data),
        (found.points[1].for_new_data, found.for_new_data),
    ):
        assert point is wanted
        assert answer.rise.verdict is wanted
        assert answer.threshold == (1 if wanted in OVERFITTING else None)


def test_a_rise_of_another_cause_does_not_hide_a_later_threshold(make_view, noisy, rules):
    view = make_view(noisy((1.0, 1.3, 1.5)), train=noisy((0.5, 0.8, 0.2), seed=1))
    answer = verdict(view, rules).on_this_data
    assert (answer.rise.point, answer.rise.verdict) == (1, Verdict.OPTIMIZATION_PROBLEM)
    assert (answer.threshold, answer.outcome) == (2, Outcome.THRESHOLD_FOUND)


def test_rise_within_the_margin_is_none_however_many_replicates(make_view, noisy, rules):
    view = make_view(noisy((1.0, 1.008), replicates=2000, sd=0.001))
    answer = verdict(view, rules).on_this_data
    assert (answer.outcome, answer.rise) == (Outcome.NO_OVERFITTING, None)
    assert verdict(view, rules.model_copy(update={"margin": 0.0})).on_this_data.threshold == 1


def test_that_there_is_no_rise_is_shown_at_the_same_standard(make_view, noisy, rules):
    test = noisy((1.0, 1.002), replicates=12, sd=0.01)
    p = stats.ttest_1samp(test[:, 1] - 1.01 * test[:, 0], 0, alternative="less").pvalue
    for alpha, wanted in ((p * 1.001, Verdict.NO_RISE), (p * 0.999, Verdict.NO_RISE_RESOLVED)):
        found = verdict(make_view(test), rules.model_copy(update={"alpha": alpha}))
        assert words(found)[1] is wanted
    answer = verdict(make_view(noisy((1.0, 1.0, 1.5), sd=0.001)), rules).on_this_data
    assert answer.outcome is Outcome.THRESHOLD_FOUND


def test_no_overfitting_is_shown_where_every_later_point_is(make_view, noisy, rules):
    close, far = noisy((1.0, 1.001, 1.002), sd=0.0005), noisy((1.0, 1.001, 1.009), sd=0.02)
    assert verdict(make_view(close), rules).on_this_data.outcome is Outcome.NO_OVERFITTING
    assert verdict(make_view(far), rules).on_this_data.outcome is Outcome.NONE_RESOLVED


def test_where_a_threshold_may_lie_before_the_first_rise_that_is_resolved(make_view, noisy, rules):
    for sd, wanted in ((0.0005, ()), (0.02, (1, 2))):
        close = noisy((1.001, 1.004), sd=sd, seed=3)
        test = np.concatenate([noisy((1.0,), sd=0.0005), close, noisy((1.5,), sd=0.001)], 1)
        test[:, 0] -= test[:, 0].mean() - min(1.0, *(test[:, 1:].mean(0) - 1e-4))
        answer = verdict(make_view(test), rules).on_this_data
        assert (answer.threshold, answer.not_excluded) == (3, wanted)
    clear = verdict(make_view(noisy((1.0, 1.5, 2.0))), rules).on_this_data
    assert (clear.threshold, clear.not_excluded) == (1, ())


def test_the_unit_is_the_cluster_however_many_replicates_it_has(make_view, noisy, rules):
    test, train = noisy(MEANS, replicates=9, sd=0.02), noisy((0.9, 0.7, 0.5, 0.4, 0.3), 9, seed=1)
    alone = verdict(make_view(test, train=train), rules)
    copies = make_view(
        np.repeat(test, 4, 0), train=np.repeat(train, 4, 0), clusters=np.repeat(np.arange(9), 4)
    )
    shared = verdict(copies, rules)
    assert (alone.studies, shared.studies, shared.replicates) == (None, 9, 36)
    assert words(shared) == words(alone)
    for one, other in zip(alone.points, shared.points, strict=True):
        for name, estimate in one.estimates.items():
            assert other.estimates[name].mean == pytest.approx(estimate.mean)
            assert vars(other.estimates[name].interval) == pytest.approx(vars(estimate.interval))
        if one.comparison is not None:
            assert other.comparison.adjusted_p == pytest.approx(one.comparison.adjusted_p)
            assert other.comparison.new_data.lower == pytest.approx(one.comparison.new_data.lower)
    assert shared.stability == alone.stability


def test_luck_of_the_examples_holds_for_this_data_and_not_for_new(make_view, noisy, rules):
    test = noisy((1.0, 1.1), sd=0.001)
    luck = np.zeros(40)
    luck[0] = 40 * 0.1
    spread = np.stack([np.ones(40), (1 + luck) / 1.1])
    found = verdict(make_view(test, example_losses=test.T[:, :, None] * spread[:, None, :]), rules)
    assert found.on_this_data.outcome is Outcome.THRESHOLD_FOUND
    assert found.for_new_data.outcome is Outcome.NONE_RESOLVED
    assert found.points[1].comparison.new_data.lower < 0


def test_one_replicate_cannot_tell(make_view, noisy, rules):
    found = verdict(make_view(noisy(MEANS, replicates=1)), rules)
    assert found.best == 1
    assert words(found)[2:] == [Verdict.CANNOT_TELL] * 3
    assert found.on_this_data.outcome is found.for_new_data.outcome is Outcome.CANNOT_TELL
    assert found.stability is None


def test_no_variance_cannot_tell(make_view, rules):
    found = verdict(make_view(np.tile([0.3, 0.1, 0.7], (10, 1))), rules)
    assert words(found)[2] is Verdict.CANNOT_TELL
    assert found.on_this_data.outcome is Outcome.CANNOT_TELL
    assert found.stability is None


def test_one_point_is_a_grid_too_short(make_view, noisy, rules):
    found = verdict(make_view(noisy((1.0,))), rules)
    assert found.on_this_data.outcome is found.for_new_data.outcome is Outcome.GRID_TOO_SHORT
    assert found.stability == 1.0


def test_one_point_and_one_replicate_cannot_tell(make_view, rules):
    assert verdict(make_view([[1.0]]), rules).on_this_data.outcome is Outcome.CANNOT_TELL


def test_best_at_the_end_is_a_grid_too_short(make_view, noisy, rules):
    found = verdict(make_view(noisy((1.5, 1.2, 1.0))), rules)
    assert found.on_this_data.outcome is Outcome.GRID_TOO_SHORT
    assert found.points[0].comparison.adjusted_p is None
    assert found.points[0].comparison.difference == pytest.approx(0.5, abs=0.05)


def without(view_of, test, missing, **given):
    finite = np.ones(test.shape, dtype=bool)
    for replicate, point in missing:
        finite[replicate, point] = False
    examples = np.where(finite.T[:, :, None], test.T[:, :, None], np.nan) * np.ones(40)
    held = np.where(finite, test, np.nan)
    return view_of(held, finite=finite, example_losses=examples, train=given["train"])


@pytest.fixture
def train():
    return np.linspace(1.0, 0.1, 5) + 0.001 * np.arange(20)[:, None]


def test_a_diverged_pair_is_left_out_and_counted(make_view, noisy, rules, train):
    test = noisy(MEANS)
    found = verdict(without(make_view, test, [(0, 1), (1, 3), (2, 3)], train=train), rules)
    kept = test[3:]
    compared = found.points[3].comparison
    assert (compared.pairs, compared.left_out) == (17, 3)
    assert compared.difference == pytest.approx((kept[:, 3] - kept[:, 1]).mean())
    assert found.points[1].means["test_loss"] == pytest.approx(test[1:, 1].mean())
    assert found.points[3].finite_replicates == 18
    assert found.on_this_data.threshold == found.for_new_data.threshold == 3


def test_a_diverged_point_cannot_be_best_and_still_counts(make_view, noisy, rules, train):
    test = noisy(MEANS)
    whole = verdict(make_view(test, train=train), rules)
    view = without(make_view, test, [(r, 1) for r in range(6)], train=train)
    found = verdict(view, rules)
    assert words(found)[1] is Verdict.DIVERGED
    assert found.best == 2
    p = stats.ttest_1samp(test[:, 3] - 1.01 * test[:, 2], 0, alternative="greater").pvalue
    assert found.points[3].comparison.adjusted_p == pytest.approx(10 * p, rel=1e-6)
    assert whole.best == 1


def test_everything_diverged_cannot_tell(make_view, noisy, rules, train):
    missing = [(r, d) for r in range(20) for d in range(5)]
    found = verdict(without(make_view, noisy(MEANS), missing, train=train), rules)
    assert set(words(found)) == {Verdict.DIVERGED}
    assert (found.best, found.recommended, found.stability) == (None, None, None)
    assert found.on_this_data.outcome is found.for_new_data.outcome is Outcome.CANNOT_TELL
    assert found.points[0].means["test_loss"] is None


def test_nothing_left_after_best_is_a_grid_too_short(make_view, noisy, rules, train):
    missing = [(r, d) for r in range(20) for d in (2, 3, 4)]
    found = verdict(without(make_view, noisy(MEANS), missing, train=train), rules)
    assert found.on_this_data.outcome is Outcome.GRID_TOO_SHORT


def test_fewer_than_two_common_replicates_cannot_tell(make_view, noisy, rules, train):
    missing = [(r, 1) for r in range(10)] + [(r, 3) for r in range(10, 19)]
    lenient = rules.model_copy(update={"diverged_share": 0.6})
    found = verdict(without(make_view, noisy(MEANS), missing, train=train), lenient)
    assert found.points[3].comparison.pairs == 1
    assert words(found)[3] is found.points[3].for_new_data is Verdict.CANNOT_TELL
    assert words(found)[4] is Verdict.OVERFITS
    assert found.on_this_data.threshold == 4


def test_ties_choose_the_least_point(make_view, noisy, rules):
    test = noisy((1.0, 1.0, 1.5))
    test[:, 1] = test[:, 0]
    found = verdict(make_view(test), rules)
    assert found.best == found.recommended == 0
    assert words(found)[1] is Verdict.NO_RISE


def test_recommended_comes_from_validation_and_best_from_test(make_view, noisy, rules):
    found = verdict(make_view(noisy(MEANS), validation=noisy((1, 2, 0.5, 2, 2))), rules)
    assert (found.best, found.recommended) == (1, 2)


def test_interpolation_threshold_is_the_first_memorised_point(make_view, noisy, rules):
    memorised = np.array([0.4, 0.2, 0.01, 0.02, 0.0])
    view = make_view(noisy(MEANS), points=(1, 2, 3, 5, 7), memorised=memorised)
    assert verdict(view, rules).interpolation_threshold == 3
    assert verdict(make_view(noisy(MEANS)), rules).interpolation_threshold is None


def test_one_that_trained_badly_does_not_hide_that_the_others_memorised(make_view, noisy, rules):
    """The mean of train loss is that of one replicate; counts and the median are not."""
    train = np.full((20, 2), [0.5, 0.001]) * noisy((1.0, 1.0), sd=0.001)
    train[7, 1] = 9.0
    memorised = np.full((20, 2), [0.2, 0.0])
    memorised[7, 1] = 0.9
    point = verdict(make_view(noisy((1.0, 1.5)), train=train, memorised=memorised), rules).points[1]
    assert point.on_this_data == "cause unclear"
    assert (point.memorised, point.finite_replicates) == (19, 20)
    assert point.train_median == pytest.approx(0.001, rel=0.01)
    assert point.means["train_loss"] > 0.4


def test_points_still_falling_are_marked(make_view, noisy, rules):
    last = noisy(MEANS, seed=3)
    view = make_view(noisy(MEANS), test_last=last, test_earlier=last * [1.2, 1, 1, 1.3, 0.9])
    marks = [point.still_falling for point in verdict(view, rules).points]
    assert marks == [True, False, False, True, False]


def test_one_block_cannot_tell_for_new_data(make_view, noisy, rules):
    found = verdict(make_view(noisy(MEANS)), rules.model_copy(update={"block": 40}))
    assert found.on_this_data.outcome is Outcome.THRESHOLD_FOUND
    assert found.for_new_data.outcome is Outcome.CANNOT_TELL


def test_same_generator_same_verdict(make_view, noisy, rules):
    view = make_view(noisy(MEANS, sd=0.1))
    assert verdict(view, rules) == verdict(view, rules)


views = st.tuples(st.integers(2, 12), st.integers(1, 5), st.integers(0, 2**32 - 1))


@settings(max_examples=40, deadline=None)
@given(views, st.floats(1e-3, 1e3))
def test_units_of_loss_change_no_word(make_view, rules, shape, unit):
    replicates, points, seed = shape
    test = 1 + 0.2 * np.random.default_rng(seed).random((replicates, points))
    first, second = (verdict(make_view(test * u), rules) for u in (1.0, unit))
    assert words(first) == words(second)
    assert first.best == second.best
    assert first.for_new_data.outcome == second.for_new_data.outcome


@settings(max_examples=40, deadline=None)
@given(views, st.randoms(use_true_random=False))
def test_order_of_replicates_changes_nothing_on_this_data(make_view, rules, shape, random):
    replicates, points, seed = shape
    test = 1 + 0.2 * np.random.default_rng(seed).random((replicates, points))
    order = random.sample(range(replicates), replicates)
    view = make_view(test)
    first = verdict(view, rules)
    second = verdict(make_view(test[order], train=view.train[order]), rules)
    assert words(first) == words(second)
    for left, right in zip(first.points, second.points, strict=True):
        if left.comparison and left.comparison.adjusted_p is not None:
            wanted = pytest.approx(left.comparison.adjusted_p, rel=1e-6)
            assert right.comparison.adjusted_p == wanted


@settings(max_examples=60, deadline=None)
@given(views)
def test_an_answer_agrees_with_the_words_of_its_points(make_view, rules, shape):
    replicates, points, seed = shape
    rng = np.random.default_rng(seed)
    test = 1 + np.arange(points) * rng.random() / 3 + 0.1 * rng.random((replicates, points))
    train = rng.random((1, points)) + 0.01 * rng.random((replicates, points))
    found = verdict(make_view(test, train=train), rules)
    for answer, said in (
        (found.on_this_data, words(found)),
        (found.for_new_data, [point.for_new_data for point in found.points]),
    ):
        assert (answer.threshold is not None) == bool(OVERFITTING & set(said))
        rises = [point for point, word in enumerate(said) if word in RISES]
        assert (answer.rise.point if answer.rise else None) == (rises[0] if rises else None)
        assert said.count(Verdict.BEST) == 1
        assert all(point > found.best for point in rises)


def test_a_share_equal_to_the_limit_is_not_diverged():
    finite = np.array([[True, False, False], [True, True, False], [True] * 3, [True] * 3])
    assert usable_points(finite, 0.25).tolist() == [True, True, False]


def test_a_point_without_any_finite_replicate_is_diverged_whatever_the_limit():
    finite = np.array([[True, False], [True, False]])
    assert usable_points(finite, 1.0).tolist() == [True, False]


def test_ties_go_to_the_least_point():
    assert least(np.array([2.0, 1.0, 1.0]), np.ones(3, dtype=bool)) == 1


def test_unusable_points_are_never_least():
    assert least(np.array([2.0, 1.0, np.nan]), np.array([True, False, False])) == 0
    assert least(np.array([2.0, 1.0]), np.zeros(2, dtype=bool)) is None


@pytest.mark.parametrize(
    ("quantity", "wanted"),
    [([0.5, 0.01, 0.2], 1), ([0.5, 0.02, 0.011], None), ([np.nan, 0.0], 1), ([0.0, 0.0], 0)],
)
def test_interpolation_threshold_is_the_first_point_at_or_below_the_level(
    make_view, noisy, rules, quantity, wanted
):
    view = make_view(noisy([1.0] * len(quantity)), memorised=np.array(quantity))
    assert verdict(view, rules).interpolation_threshold == wanted


def test_every_quantity_is_averaged_over_the_finite_replicates(make_view, noisy, rules):
    test = noisy(MEANS, replicates=5)
    finite = np.ones(test.shape, dtype=bool)
    finite[0, 3] = False
    r2 = np.where(finite, 1 - test, np.nan)
    r2[1, 2] = np.nan
    found = verdict(make_view(test, finite=finite, quantities={"test_r2": r2}), rules)
    for place, point in enumerate(found.points):
        kept = finite[:, place]
        assert point.means["test_loss"] == point.means["test_loss"] == test[kept, place].mean()
        assert point.means["test_r2"] == np.nanmean(r2[kept, place])
        assert set(point.means) == {"train_loss", "validation_loss", "test_loss", "test_r2"}


def test_double_descent_is_of_the_loss_and_of_the_error_rate(make_view, noisy, rules):
    test = noisy((1.0, 0.8, 1.2, 1.0, 0.9))
    found = verdict(make_view(test, quantities={"test_error": test / 2}), rules).double_descent
    assert list(found) == ["loss", "error"]
    assert [(d.before, d.peak, d.after) for d in found.values()] == [(1, 2, 4)] * 2
    assert list(verdict(make_view(test), rules).double_descent) == ["loss"]


EARLIER = 1 + 0.02 * np.random.default_rng(0).random(20)


@pytest.mark.parametrize(
    ("factor", "wanted"), [(0.9, True), (0.985, True), (0.995, False), (1.0, False), (1.1, False)]
)
def test_marks_a_fall_larger_than_the_margin(factor, wanted):
    last = factor * EARLIER * (1 + 0.001 * np.random.default_rng(1).random(20))
    assert still_falling(last, EARLIER, 0.01, 0.05) is wanted


def test_the_limit_is_scipys_p_at_alpha():
    last = EARLIER - 0.01 * np.random.default_rng(2).random(20)
    p = stats.ttest_1samp(EARLIER - 1.005 * last, 0, alternative="greater").pvalue
    assert still_falling(last, EARLIER, 0.005, p * 1.0001) is True
    assert still_falling(last, EARLIER, 0.005, p * 0.9999) is False


@pytest.mark.parametrize("losses", [[0.5], [0.5, 0.5, 0.5], []])
def test_cannot_be_told_without_variance(losses):
    assert still_falling(np.array(losses), 2 * np.array(losses), 0.01, 0.05) is None
