import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.core.data.images import class_names, class_numbers, prepare_images
from depthgauge.errors import InputError


@given(st.sets(st.integers(-(10**25), 10**25), min_size=2, max_size=20), st.randoms())
def test_numbers_are_in_numeric_order(values, random):
    labels = [str(value) for value in values]
    random.shuffle(labels)
    assert class_names(labels) == tuple(str(value) for value in sorted(values))


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["10", "9", "1.5", "-2", "9"], ("-2", "1.5", "9", "10")),
        (["image10", "image2", "image1"], ("image1", "image2", "image10")),
        (["b", "a", "10", "9"], ("9", "10", "a", "b")),
        (["x" + "9" * 5000, "x1"], ("x1", "x" + "9" * 5000)),
        (["a1", "a01"], ("a01", "a1")),
        (["nan", "inf"], ("inf", "nan")),
        (["ü", "u"], ("u", "ü")),
    ],
)
def test_natural_order(labels, expected):
    assert class_names(labels) == expected
    assert class_names(labels[::-1]) == expected


@given(st.lists(st.text(max_size=5), min_size=2, max_size=20))
def test_numbers_of_labels_lead_back_to_them(labels):
    try:
        classes = class_names(labels)
    except InputError:
        return
    numbers = class_numbers(labels, classes)
    assert numbers.dtype == np.int64
    assert [classes[number] for number in numbers] == labels
    assert set(classes) == set(labels)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["7", "7"], "^only class '7': classification needs two"),
        ([], "^no class: classification needs two"),
        (["1", "01", "2"], "^classes '01' and '1' are the same number"),
        (["1.0", "1"], "^classes '1' and '1.0' are the same number"),
    ],
)
def test_class_errors(labels, message):
    with pytest.raises(InputError, match=message):
        class_names(labels)


def images(n=30, **changes):
    arguments = {
        "pixels": np.arange(n * 4, dtype=float).reshape(n, 4) % 17,
        "input_names": ["a", "b", "c", "d"],
        "labels": [str(row % 3 + 8) for row in range(n)],
        "row_names": [str(row + 2) for row in range(n)],
        "counts": {"train": 15, "validation": 5, "test": 8},
        "seed": 0,
        "replicates": 3,
        "scaling": "all",
    }
    return prepare_images(**(arguments | changes))


def test_prepared_images_say_what_they_are():
    prepared = images()
    assert prepared.task == "classification"
    assert prepared.classes == ("8", "9", "10")
    assert prepared.outputs == 3
    assert prepared.targets.tolist() == [row % 3 for row in range(30)]
    assert prepared.inputs.shape == (30, 4)
    assert prepared.inputs.dtype == np.float32
    assert prepared.splits.train.shape == (3, 15)
    assert prepared.splits.resampled
    assert prepared.scaling.input_scale.shape == (3, 4)
    assert len(np.unique(prepared.scaling.input_scale)) <= 3
    assert len(np.unique(images(scaling="each").scaling.input_scale)) > 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": ["1"] * 30}, "only class '1'"),
        (
            {"labels": ["1"] * 29 + ["2"], "replicates": 20},
            "of its 15 training rows is of class '2'",
        ),
        ({"counts": {"train": 20, "validation": 5, "test": 8}}, "the table has 30"),
        ({"pixels": np.full((30, 4), 3.0)}, "all training values are the same"),
        ({"pixels": np.full((30, 4), np.inf)}, "does not fit"),
        ({"pixels": np.empty((30, 0))}, "no input columns"),
    ],
)
def test_errors(changes, message):
    with pytest.raises(InputError, match=message):
        images(**changes)
