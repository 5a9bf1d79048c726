"""A parameter as an axis: the order of its values, and their names."""

import numpy as np
import pytest

from depthgauge.notebook.parameter import ordered_points, parameter_axis, simple_end


def test_numbers_are_put_in_order_and_stay_numbers():
    found = ordered_points("C", np.array([10.0, 0.1, 1.0]), "small")
    assert found == [(0.1, 0.1), (1.0, 1.0), (10.0, 10.0)]
    assert all(type(point) is float for point, _ in found)
    assert [p for p, _ in ordered_points("k", range(1, 4), "large")] == [3, 2, 1]


def test_other_values_keep_their_order_and_are_told_by_their_text():
    values = [1, 3, None, (5, 5), True]
    assert ordered_points("p", values, "small") == [
        ("1", 1),
        ("3", 3),
        ("None", None),
        ("(5, 5)", (5, 5)),
        ("True", True),
    ]


@pytest.mark.parametrize(
    ("values", "simpler", "said"),
    [
        ([], "small", "p: has no values"),
        ([2, 1, 2.0], "small", r"p: 2(\.0)? is given twice"),
        ([1, "1"], "small", "p: 1 is given twice"),
        ([1, None], "large", "p: None is no number"),
        ([1, float("nan")], "large", "p: nan is no number"),
        ([1, 2], "big", "simpler: 'big' is neither 'small' nor 'large'"),
    ],
)
def test_values_that_have_no_order_are_refused(values, simpler, said):
    with pytest.raises(ValueError, match=said):
        ordered_points("p", values, simpler)


def test_a_parameter_is_told_as_in_code():
    axis = parameter_axis("max_depth")
    assert axis.at(3) == "at max_depth=3"
    assert axis.join_points([3]) == "max_depth=3"
    assert axis.join_points([3, 4, 5]) == "max_depth=3, 4 and 5"
    assert parameter_axis("k", "large").label == "k (large is simple)"


def test_an_axis_of_depthgauge_has_its_own_words():
    assert parameter_axis("depth").at(2) == "at depth 2"
    assert parameter_axis("training_size").at(50) == "with 50 training examples"
    assert parameter_axis("point").at(2) == "at point 2"


@pytest.mark.parametrize(
    ("points", "train", "simple"),
    [
        # Not all along.
        ([1, 5, 9], ([0.0, 0.1], [3.0, 3.1], [2.0, 2.1]), "small"),
        ([1, 5, 9], ([0.0, 0.1], [1.0, 1.1], [2.0, 2.1]), "large"),
        ([1, 5, 9], ([2.0, 2.1], [1.0, 1.1], [0.0, 0.1]), "small"),
        # Not told apart, or with nothing to tell it by.
        ([1, 9], ([0.0, 2.0], [1.0, 3.0]), "small"),
        ([1, 9], ([0.0], [1.0]), "small"),
        ([1, 9], ([0.0, np.nan], [1.0, 1.1]), "small"),
        ([1], ([0.0, 0.1],), "small"),
        # Their order is whoever's gave them.
        (["a", "b"], ([0.0, 0.1], [1.0, 1.1]), "small"),
    ],
)
def test_the_simple_end_is_that_of_the_higher_train_loss(points, train, simple):
    losses = [np.array(each) for each in train]
    assert simple_end("k", points, losses) == simple
    # Of these it is known.
    assert simple_end("depth", points, losses) == "small"
    assert simple_end("mlp__width", points, losses) == "small"
