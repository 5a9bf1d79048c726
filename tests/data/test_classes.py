import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.data.classes import number_classes, order_classes
from depthgauge.errors import InputError


@given(st.sets(st.integers(-(10**25), 10**25), min_size=2, max_size=20), st.randoms())
def test_numbers_are_in_numeric_order(values, random):
    labels = [str(value) for value in values]
    random.shuffle(labels)
    assert order_classes(labels) == tuple(str(value) for value in sorted(values))


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
    assert order_classes(labels) == expected
    assert order_classes(labels[::-1]) == expected


@given(st.lists(st.text(max_size=5), min_size=2, max_size=20))
def test_numbers_of_labels_lead_back_to_them(labels):
    try:
        classes = order_classes(labels)
    except InputError:
        return
    numbers = number_classes(labels, classes)
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
        order_classes(labels)
