"""From what training recorded to the losses of a view."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import PointLosses, earlier_epoch, metric_losses, view_losses
from depthgauge.statistics.stopping import stopped
from tests.rules import RULES

POOL = 9
ROWS = np.array([[0, 3, 8], [1, 2, 4]])


EACH = np.arange(2)


def curves(**given):
    """Two replicates, five epochs; what is not given is 1."""
    names = [f"{split}_{q}" for split in ("train", "validation", "test") for q in ("loss", "error")]
    return {name: np.array(given.get(name, np.ones((2, 5))), dtype=float) for name in names}


def point(**given):
    rng = np.random.default_rng(len(given))
    examples = {s: rng.gamma(1, 1, ROWS.shape).astype(np.float32) for s in ("last", "validation")}
    measured = curves(**given)
    metrics = {s: {"test_r2": np.array([k, k + 0.5])} for k, s in enumerate(examples)}
    return PointLosses(measured, stopped(measured), ROWS, examples, metrics, {})


@given(st.integers(1, 1000), st.floats(0.001, 0.999))
def test_the_earlier_epoch_lies_the_share_before_the_last(epochs, share):
    earlier = earlier_epoch(epochs, share)
    assert 0 <= earlier <= epochs - 1
    if epochs > 1:
        assert earlier < epochs - 1
    if 1 <= round(share * epochs) < epochs:
        assert epochs - 1 - earlier == round(share * epochs)


def test_a_view_at_each_stopping():
    validation = [[5, 4, 3, 4, 5], [9, 8, 7, 6, 5]]
    test = np.arange(10.0).reshape(2, 5)
    train = test + 20
    points = [
        point(validation_loss=validation, test_loss=test, train_loss=train),
        point(test_loss=test * 2),
    ]
    last = view_losses([0, 3], points, "last", POOL, 0.4, None, EACH)
    assert last.points == (0, 3)
    np.testing.assert_array_equal(last.test, [[4, 8], [9, 18]])
    np.testing.assert_array_equal(last.validation, [[5, 1], [5, 1]])
    early = view_losses([0, 3], points, "validation", POOL, 0.4, None, EACH)
    # The second point's validation loss never moves: the first epoch is its least.
    np.testing.assert_array_equal(early.test, [[2, 0], [9, 10]])
    np.testing.assert_array_equal(early.validation, [[3, 1], [5, 1]])
    # Train loss is that of the view's stopping, as the others are.
    np.testing.assert_array_equal(last.train, [[24, 1], [29, 1]])
    np.testing.assert_array_equal(early.train, [[22, 1], [29, 1]])
    for view in (last, early):
        np.testing.assert_array_equal(view.test_last, [[4, 8], [9, 18]])
        np.testing.assert_array_equal(view.test_earlier, [[2, 4], [7, 14]])
        assert view.finite.all()


@pytest.mark.parametrize("stopping", ["last", "validation"])
def test_losses_of_examples_lie_at_their_rows_of_the_pool(stopping):
    points = [point(), point(train_loss=np.zeros((2, 5)))]
    view = view_losses([0, 1], points, stopping, POOL, 0.1, None, EACH)
    assert view.example_losses.shape == (2, 2, POOL)
    for place, each in enumerate(points):
        for replicate, rows in enumerate(ROWS):
            np.testing.assert_array_equal(
                view.example_losses[place, replicate, rows], each.test_losses[stopping][replicate]
            )
            others = np.setdiff1d(np.arange(POOL), rows)
            assert np.isnan(view.example_losses[place, replicate, others]).all()


def test_memorised_is_the_train_error_where_there_are_classes():
    errors = [[0.4, 0.3, 0.2, 0.1, 0.0], [0.5, 0.5, 0.5, 0.5, 0.2]]
    spoiled = curves(train_error=errors)
    spoiled["test_loss"][1, 2] = np.inf
    points = [point(train_error=errors), point(**spoiled)]
    view = view_losses([0, 1], points, "last", POOL, 0.1, None, EACH)
    np.testing.assert_allclose(view.memorised, [[0.0, 0.0], [0.2, 0.2]])


def test_memorised_is_train_loss_over_the_best_constants_for_numbers():
    points = [point(train_loss=np.full((2, 5), 0.3))]
    view = view_losses([0], points, "last", POOL, 0.1, 1.5, EACH)
    np.testing.assert_allclose(view.memorised, [[0.2], [0.2]])


def test_constant_targets_are_memorised_by_the_best_constant():
    points = [point(train_loss=np.zeros((2, 5))), point(train_loss=np.full((2, 5), 0.1))]
    view = view_losses([0, 1], points, "last", POOL, 0.1, 0.0, EACH)
    assert view.memorised.tolist() == [[0, np.inf]] * 2


def test_a_point_without_any_finite_replicate():
    view = view_losses(
        [0, 1], [point(), point(test_loss=np.full((2, 5), np.nan))], "last", POOL, 0.1, None, EACH
    )
    assert view.finite.tolist() == [[True, False], [True, False]]
    verdict = judge(view, RULES, np.random.default_rng(0))
    assert [point.memorised for point in verdict.points] == [0, None]
    assert [point.train_median for point in verdict.points] == [1, None]


def test_metrics_stand_beside_the_losses_of_their_stopping():
    view = view_losses([0, 1], [point(), point()], "validation", POOL, 0.1, None, EACH)
    np.testing.assert_array_equal(view.quantities["test_r2"], [[1, 1], [1.5, 1.5]])
    assert list(view.quantities) == [*curves(), "test_r2"]


@pytest.mark.parametrize("higher", [True, False])
def test_a_metric_in_the_place_of_the_loss(higher):
    rng = np.random.default_rng(1)
    parts = rng.random((2, 2, 3))
    known = {f"{split}_accuracy": rng.random(2) for split in ("train", "validation", "test")}
    points = [
        replace(point(), metrics={"last": known}, costs={"last": {"accuracy": each}})
        for each in parts
    ]
    view = view_losses([0, 1], points, "last", POOL, 0.1, None, EACH)
    costs = (lambda values: 1 - values) if higher else (lambda values: values)
    found = metric_losses(view, points, "last", "accuracy", costs)
    for split in ("train", "validation", "test"):
        value = known[f"{split}_accuracy"][:, None]
        cost = np.broadcast_to(1 - value if higher else value, (2, 2))
        np.testing.assert_allclose(found.quantities[f"{split}_loss"], cost)
    np.testing.assert_array_equal(np.take_along_axis(found.example_losses[1], ROWS, 1), parts[1])
    assert (found.test_last, found.test_earlier) == (None, None)
    assert list(found.quantities) == ["train_loss", "validation_loss", "test_loss"]


def test_a_replicate_in_which_a_metric_is_undefined_is_left_out():
    known = {f"{split}_auc": np.array([0.5, 0.6]) for split in ("train", "validation", "test")}
    known["validation_auc"] = np.array([0.5, np.nan])
    points = [
        replace(point(), metrics={"last": known}, costs={"last": {"auc": np.ones((2, 3))}})
        for _ in range(2)
    ]
    view = view_losses([0, 1], points, "last", POOL, 0.1, None, EACH)
    assert metric_losses(
        view, points, "last", "auc", lambda values: 1 - values
    ).finite.tolist() == [[True, True], [False, False]]


GOOD = np.array([[1.0, 2.0], [1.1, 2.1], [1.2, 2.2]])


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("points", (1, 1)),
        ("finite", np.ones((3, 3), dtype=bool)),
        ("finite", np.ones((0, 2), dtype=bool)),
        ("validation", GOOD.T),
        ("test", -GOOD),
        ("test_last", GOOD.astype(np.float32)),
        ("example_losses", np.ones((2, 3, 4), dtype=np.float32)),
        ("train", GOOD * np.nan),
        ("memorised", np.ones((3, 3))),
        ("example_losses", np.ones((3, 2, 4))),
        ("example_losses", np.full((2, 3, 4), np.nan)),
    ],
)
def test_arrays_that_do_not_agree_are_named(make_view, name, wrong):
    with pytest.raises(ValueError, match=name):
        make_view(GOOD, **{name: wrong})


def test_points_ascend_or_descend_and_do_nothing_else(make_view):
    wide = np.ones((2, 3))
    for points in [(1, 2, 3), (3, 2, 1), ("b", "a", "c")]:
        assert make_view(wide, points=points).points == points
    with pytest.raises(ValueError, match=r"points \(1, 3, 2\): must ascend or descend"):
        make_view(wide, points=(1, 3, 2))


def test_losses_of_examples_may_be_unknown(make_view):
    assert make_view(GOOD, example_losses=np.empty((2, 3, 0))).replicates == 3


def test_a_replicates_test_set_must_be_the_same_at_every_point(make_view):
    examples = np.ones((2, 3, 4))
    examples[0, 1, 2] = np.nan
    with pytest.raises(ValueError, match="differs between points"):
        make_view(GOOD, example_losses=examples)
    examples[1, 1, 2] = np.nan
    assert make_view(GOOD, example_losses=examples).replicates == 3


def test_what_a_diverged_replicate_holds_is_not_looked_at(make_view):
    finite = np.ones((3, 2), dtype=bool)
    finite[0, 1] = False
    test = np.where(finite, GOOD, np.inf)
    examples = np.where(finite.T[:, :, None], 1.0, np.nan) * np.ones(4)
    assert make_view(test, finite=finite, example_losses=examples).replicates == 3


@pytest.mark.parametrize("wrong", [np.ones((2, 2)), np.ones((3, 2), dtype=np.float32)])
def test_further_quantities_have_the_shape_of_the_losses(make_view, wrong):
    with pytest.raises(ValueError, match="test_r2"):
        make_view(GOOD, quantities={"test_r2": wrong})
    assert make_view(GOOD, quantities={"test_r2": -GOOD}).quantities["test_r2"][0, 0] == -1


def test_points_may_be_names_or_numbers(make_view):
    assert make_view(GOOD, points=("relu", "tanh")).points == ("relu", "tanh")
    assert make_view(GOOD, points=(0.1, 0.25)).points == (0.1, 0.25)
    with pytest.raises(ValueError, match="points"):
        make_view(GOOD, points=("relu", "relu"))
