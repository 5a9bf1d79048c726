import pytest

from depthgauge.axes.axis import WORDS, explained, listed, words


@pytest.mark.parametrize(
    ("axis", "point", "name", "at"),
    [
        ("depth", 2, "depth 2", "at depth 2"),
        ("width", 64, "width 64", "at width 64"),
        ("window", 28, "a window of 28 values", "with a window of 28 values"),
        ("window", 1, "a window of 1 value", "with a window of 1 value"),
        ("training_size", 100, "100 training examples", "with 100 training examples"),
        ("epochs", 60, "60 epochs", "with 60 epochs"),
        ("epochs", 1, "1 epoch", "with 1 epoch"),
    ],
)
def test_a_point_has_a_name_and_a_place(axis, point, name, at):
    assert words(axis).name(point) == name
    assert words(axis).at(point) == at


@pytest.mark.parametrize(
    ("axis", "points", "said"),
    [
        ("depth", [2], "depth 2"),
        ("depth", [0, 1, 2], "depths 0, 1 and 2"),
        ("width", [8, 16], "widths 8 and 16"),
        ("window", [7, 28], "windows of 7 and 28 values"),
        ("training_size", [50, 100], "50 and 100 training examples"),
        ("epochs", [10, 20, 30], "10, 20 and 30 epochs"),
    ],
)
def test_several_points(axis, points, said):
    assert listed(axis, points) == said


def test_a_depth_is_explained():
    assert explained("depth", 0) == "no hidden layer, a linear model"
    assert explained("depth", 1) == "1 hidden layer"
    assert explained("depth", 2) == "2 hidden layers"
    assert explained("width", 1) == "1 unit in each hidden layer"


def test_every_axis_has_all_its_words():
    for axis, of in WORDS.items():
        assert of.noun
        assert of.noun in of.label or of.plural in of.label or axis in of.label
        assert "_" not in f"{of.noun}{of.plural}{of.label}{of.at(3)}{explained(axis, 3)}"
