import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.data.kinds.images import (
    class_names,
    class_numbers,
    noisy_labels,
    noisy_pixels,
    prepare_classes,
    prepare_denoising,
)
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
        "label_noise": 0.0,
    }
    return prepare_classes(**(arguments | changes))


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
    assert prepared.train_targets is None
    assert (prepared.input_shape, prepared.target_shape) == ((2, 2), ())
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
        ({"scaling": "some"}, "scaling: 'some' is unknown"),
    ],
)
def test_errors(changes, message):
    with pytest.raises(InputError, match=message):
        images(**changes)


@given(
    share=st.floats(0, 1), more=st.floats(0, 1), classes=st.integers(2, 6), seed=st.integers(0, 99)
)
def test_label_noise_is_nested_in_rows_and_share(share, more, classes, seed):
    share, more = sorted((share, more))
    labels = np.arange(60) % classes
    train = np.stack([np.arange(40), np.arange(20, 60)])
    one, two = (noisy_labels(labels, train, classes, p, seed) for p in (share, more))
    few = noisy_labels(labels, train[:, :15], classes, share, seed)
    np.testing.assert_array_equal(few, one[:, :15])
    replaced = one != labels[train]
    np.testing.assert_array_equal(one[replaced], two[replaced])
    assert one.min() >= 0
    assert one.max() < classes


def test_label_noise_has_its_share_and_every_other_class():
    labels = np.zeros(20_000, dtype=np.int64)
    noisy = noisy_labels(labels, np.arange(20_000)[None].repeat(2, 0), 4, 0.3, 0)
    assert not np.array_equal(noisy[0], noisy[1])
    # Four standard errors of a share of 0.7 and of 0.1 among 20,000.
    for replicate in noisy:
        counts = np.bincount(replicate, minlength=4) / 20_000
        np.testing.assert_allclose(counts, [0.7, 0.1, 0.1, 0.1], atol=4 * np.sqrt(0.21 / 20_000))


def test_label_noise_touches_training_alone():
    clean, noisy = images(), images(label_noise=0.2)
    np.testing.assert_array_equal(clean.targets, noisy.targets)
    np.testing.assert_array_equal(clean.splits.train, noisy.splits.train)
    assert noisy.train_targets.shape == (3, 15)
    assert noisy.train_targets.dtype == np.int64
    assert (noisy.train_targets != clean.targets[clean.splits.train]).any()


def test_noise_that_takes_a_class_away():
    labels = ["8"] * 14 + ["9"] * 16
    with pytest.raises(InputError, match="training rows is of class"):
        images(
            labels=labels,
            replicates=200,
            label_noise=0.9,
            counts={"train": 3, "validation": 5, "test": 8},
        )


def denoising(n=30, side=2, noise=0.5, **changes):
    rng = np.random.default_rng(0)
    arguments = {
        "pixels": rng.uniform(0, 16, (n, side * side)),
        "input_names": [f"p{k}" for k in range(side * side)],
        "row_names": [str(row) for row in range(n)],
        "counts": {"train": 15, "validation": 5, "test": 8},
        "seed": 0,
        "replicates": 3,
        "scaling": "all",
        "input_noise": noise,
    }
    return prepare_denoising(**(arguments | changes))


def test_denoising_predicts_the_clean_pixels():
    prepared, clean = denoising(), denoising(noise=0.0)
    assert prepared.task == "structured"
    assert prepared.outputs == 4
    assert prepared.classes == ()
    assert prepared.input_shape == prepared.target_shape == (2, 2)
    np.testing.assert_array_equal(clean.inputs, clean.targets)
    np.testing.assert_array_equal(prepared.targets, clean.targets)
    assert (prepared.inputs != clean.inputs).all()
    assert np.ptp(prepared.scaling.target_scale, axis=1).max() == 0


def test_pixel_noise_is_gaussian_in_units_of_the_pixels_deviation():
    pixels = np.random.default_rng(1).uniform(0, 16, (2000, 16))
    noise = (noisy_pixels(pixels, 0.5, 7) - pixels) / pixels.std()
    # Four standard errors among 32,000.
    assert abs(noise.mean()) < 4 * 0.5 / np.sqrt(noise.size)
    assert abs(noise.std() - 0.5) < 4 * 0.5 / np.sqrt(2 * noise.size)
    twice = (noisy_pixels(pixels, 1.0, 7) - pixels) / pixels.std()
    np.testing.assert_allclose(twice, 2 * noise)


def test_pixels_of_no_square_are_a_vector():
    pixels = np.random.default_rng(1).uniform(0, 16, (30, 5))
    prepared = denoising(pixels=pixels, input_names=list("abcde"))
    assert prepared.input_shape == prepared.target_shape == (5,)
