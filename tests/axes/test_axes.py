"""What every axis must fulfil, whatever it is; and axes of floats and of names, a file each."""

import copy

import numpy as np
import pytest

from depthgauge.axes.axis import axis_names, find_axis, point_key
from depthgauge.entries import entry_names, find_entry
from depthgauge.errors import InputError
from depthgauge.settings.load import parse_settings
from depthgauge.training.networks.cnn import CNN
from depthgauge.training.networks.mlp import MLP
from depthgauge.training.networks.network import NETWORKS
from tests.axes.test_data_axes import images, series
from tests.experiment import COMMON, DATA, new_experiment, snapshot
from tests.openings.opening import opened

POINTS = [12, 15]


@pytest.fixture(params=[*axis_names(), "learning_rate", "activation"])
def axis(request):
    with opened("axes"):
        yield find_axis(request.param)


@pytest.mark.parametrize(
    ("name", "point", "called", "at"),
    [
        ("depth", 2, "depth 2", "at depth 2"),
        ("width", 64, "width 64", "at width 64"),
        ("window", 28, "a window of 28 values", "with a window of 28 values"),
        ("window", 1, "a window of 1 value", "with a window of 1 value"),
        ("training_size", 100, "100 training examples", "with 100 training examples"),
        ("epochs", 60, "60 epochs", "with 60 epochs"),
        ("epochs", 1, "1 epoch", "with 1 epoch"),
        ("learning_rate", 0.001, "learning rate 0.001", "at learning rate 0.001"),
        ("activation", "relu", "activation relu", "with activation relu"),
    ],
)
def test_a_point_has_a_name_and_a_place(name, point, called, at):
    with opened("axes"):
        found = find_axis(name)
    assert found.point_name(point) == called
    assert found.at(point) == at


@pytest.mark.parametrize(
    ("name", "points", "joined"),
    [
        ("depth", [2], "depth 2"),
        ("depth", [0, 1, 2], "depths 0, 1 and 2"),
        ("width", [8, 16], "widths 8 and 16"),
        ("window", [7, 28], "windows of 7 and 28 values"),
        ("training_size", [50, 100], "50 and 100 training examples"),
        ("epochs", [10, 20, 30], "10, 20 and 30 epochs"),
        ("learning_rate", [0.001, 0.01], "learning rates 0.001 and 0.01"),
        ("activation", ["relu", "tanh"], "activations relu and tanh"),
    ],
)
def test_several_points(name, points, joined):
    with opened("axes"):
        assert find_axis(name).join_points(points) == joined


def test_a_family_says_what_its_depth_counts():
    depth, width = (find_axis(name).counting(MLP.COUNTED[name]) for name in ("depth", "width"))
    assert depth.label == "depth (hidden layers)"
    assert depth.explain(0) == "no hidden layer, a linear model"
    assert depth.explain(1) == "1 hidden layer"
    assert depth.explain(2) == "2 hidden layers"
    assert width.explain(1) == "1 unit in each hidden layer"
    assert find_axis("depth").counting(CNN.COUNTED["depth"]).explain(2) == "2 convolutional layers"
    assert find_axis("depth").counting(None).explain(2) == "depth 2"


@pytest.mark.parametrize("family", [f for f in entry_names(NETWORKS) if f != "own"])
def test_every_family_says_what_it_counts(family):
    for name in ("depth", "width"):
        axis = find_axis(name).counting(find_entry(NETWORKS, family).COUNTED[name])
        assert f"{name} (" in axis.label
        assert axis.explain(1) != axis.explain(2) != axis.explain(0)


def test_an_axis_has_all_its_words(axis):
    assert axis.noun
    assert axis.noun in axis.label or axis.plural in axis.label or axis.name in axis.label
    assert "_" not in f"{axis.noun}{axis.plural}{axis.label}{axis.at(3)}{axis.explain(3)}"


@pytest.mark.parametrize("kind", ["images", "series"])
def test_every_point_is_tested_on_the_same_examples(axis, kind):
    """Replicates stay paired: the same validation and test rows, in the same unit."""
    if axis.name == "window" and kind == "images":
        pytest.skip("of series alone")
    dataset = images(0.2) if kind == "images" else series(15)
    for point in POINTS:
        seen = axis.apply(dataset, point, 3)
        for name in ("validation", "test"):
            np.testing.assert_array_equal(seen.splits[name], dataset.splits[name])
        assert seen.splits.train.shape[0] == dataset.splits.train.shape[0]
        np.testing.assert_array_equal(seen.targets, dataset.targets)
        assert seen.row_names == dataset.row_names
        np.testing.assert_array_equal(seen.scaling.target_scale, dataset.scaling.target_scale)
        np.testing.assert_array_equal(seen.scaling.target_centre, dataset.scaling.target_centre)
        assert np.prod(seen.input_shape) == seen.inputs.shape[1]
    if axis.parameter is not None:
        assert axis.apply(dataset, POINTS[0], 0) is dataset


def settings_with(**changed):
    content = copy.deepcopy(COMMON) | {"data": copy.deepcopy(DATA["images"])} | changed
    return parse_settings(content, "params.yaml")


def test_the_recipe_of_a_point_has_the_points_value():
    with opened("axes"):
        for name, points in (
            ("depth", [0, 3]),
            ("width", [2, 5]),
            ("epochs", [1, 9]),
            ("learning_rate", [0.001, 0.5]),
            ("activation", ["tanh", "gelu"]),
        ):
            settings = settings_with(axis=name, points=points)
            for point in points:
                recipe = settings.recipe_at(point)
                key = recipe.key(find_axis(name).parameter)
                changed = {k for k, v in recipe.flat().items() if settings.recipe.flat()[k] != v}
                assert recipe.flat()[key] == point
                assert changed <= {key}
                assert name not in settings.searched("tuned", point)


@pytest.mark.parametrize(
    ("name", "points", "message"),
    [
        ("learning_rate", [0.1, 0.01], r"points: \[0.1, 0.01\] must be in ascending order"),
        ("learning_rate", [0.0, 0.1], r"points\[0\]: must be greater than 0, not 0.0 \(float\)"),
        ("learning_rate", [0.1, "x"], r"points\[1\]: must be a number \(without quotes\), not 'x'"),
        ("activation", ["relu", "swish"], r"points\[1\]: must be 'relu', 'tanh', .*not 'swish'"),
        ("activation", ["relu", "relu"], r"points: \['relu', 'relu'\] must be different"),
        ("activation", ["../x"], r"points\[0\]: must be letters, digits"),
        ("depth", [0, float("nan")], r"points\[1\]: must be a finite number"),
        ("depth", [True], r"points\[0\]: must be a number or a name"),
    ],
)
def test_points_that_are_none(name, points, message):
    with opened("axes"), pytest.raises(InputError, match=message):
        settings_with(axis=name, points=points)


def test_a_float_axis_from_params_to_weights(tmp_path):
    """Check, prepare, recipe, search and train, and each point trained as its recipe says."""
    with opened("axes"):
        experiment = new_experiment(tmp_path, "table").set("axis", "learning_rate")
        experiment.set("points", [1e-5, 0.01]).tune(trials=2)
        experiment.repro("check", "prepare", "recipe", "search", "train")
        folders = {path.name for path in (experiment.folder / "results/train").iterdir()}
        assert folders == {"fixed-1e-05", "fixed-0.01"}
        again = snapshot(experiment.folder / "results/train/fixed-0.01")
        assert experiment.run("train", "--learning_rate", "1e-2", "--recipe", "fixed") == 0
        assert snapshot(experiment.folder / "results/train/fixed-0.01") == again
        other = new_experiment(tmp_path / "other", "table")
        other.set("recipe.optimizer.learning_rate", 0.01).set("points", [1])
        other.repro("prepare", "recipe", "train")
        same = snapshot(other.folder / "results/train/fixed-1")
        del same["provenance.json"], again["provenance.json"]
        assert same == again


def test_a_point_is_a_number_where_streams_are_told_apart():
    assert point_key(3) == 3
    assert point_key(0.1) != point_key(0.2)
