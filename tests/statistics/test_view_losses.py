import numpy as np
import pytest

GOOD = np.array([[1.0, 2.0], [1.1, 2.1], [1.2, 2.2]])


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("points", (1, 0)),
        ("points", (1, 1)),
        ("finite", np.ones((3, 3), dtype=bool)),
        ("finite", np.ones((0, 2), dtype=bool)),
        ("validation", GOOD.T),
        ("test", -GOOD),
        ("test_last", GOOD.astype(np.float32)),
        ("example_losses", np.ones((2, 3, 4), dtype=np.float32)),
        ("train_last", GOOD * np.nan),
        ("memorised", np.ones(3)),
        ("example_losses", np.ones((3, 2, 4))),
        ("example_losses", np.full((2, 3, 4), np.nan)),
    ],
)
def test_arrays_that_do_not_agree_are_named(make_view, name, wrong):
    with pytest.raises(ValueError, match=name):
        make_view(GOOD, **{name: wrong})


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
