import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.data.kinds.images import add_label_noise, add_pixel_noise
from depthgauge.errors import InputError
from tests.data.make import prepare_classes, prepare_denoising


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
    dataset = images()
    assert dataset.task == "classification"
    assert dataset.classes == ("8", "9", "10")
    assert dataset.outputs == 3
    assert dataset.targets.tolist() == [row % 3 for row in range(30)]
    assert dataset.inputs.shape == (30, 4)
    assert dataset.inputs.dtype == np.float32
    assert dataset.splits.train.shape == (3, 15)
    assert dataset.splits.resampled
    assert dataset.scaling.input_scale.shape == (3, 4)
    assert len(np.unique(dataset.scaling.input_scale)) <= 3
    assert dataset.train_targets is None
    assert (dataset.input_shape, dataset.target_shape) == ((2, 2), ())
    assert len(np.unique(images(scaling="each").scaling.input_scale)) > 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": ["1"] * 30}, "only class '1'"),
        (
            {"labels": ["1"] * 29 + ["2"], "replicates": 20},
            "of its 15 training examples is of class '2'",
        ),
        ({"counts": {"train": 20, "validation": 5, "test": 8}}, "there are 30"),
        ({"pixels": np.full((30, 4), 3.0)}, "all training values are the same"),
        ({"pixels": np.full((30, 4), np.inf)}, "row 2, column 'a': 'inf' is not a finite number"),
        ({"pixels": np.empty((30, 0)), "input_names": []}, "no input columns"),
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
    one, two = (add_label_noise(labels, train, classes, p, seed) for p in (share, more))
    few = add_label_noise(labels, train[:, :15], classes, share, seed)
    np.testing.assert_array_equal(few, one[:, :15])
    replaced = one != labels[train]
    np.testing.assert_array_equal(one[replaced], two[replaced])
    assert one.min() >= 0
    assert one.max() < classes


def test_label_noise_has_its_share_and_every_other_class():
    labels = np.zeros(20_000, dtype=np.int64)
    noisy = add_label_noise(labels, np.arange(20_000)[None].repeat(2, 0), 4, 0.3, 0)
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
    with pytest.raises(InputError, match="training examples is of class"):
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
    dataset, clean = denoising(), denoising(noise=0.0)
    assert dataset.task == "structured"
    assert dataset.outputs == 4
    assert dataset.classes == ()
    assert dataset.input_shape == dataset.target_shape == (2, 2)
    np.testing.assert_array_equal(clean.inputs, clean.targets)
    np.testing.assert_array_equal(dataset.targets, clean.targets)
    assert (dataset.inputs != clean.inputs).all()
    assert np.ptp(dataset.scaling.target_scale, axis=1).max() == 0


def test_pixel_noise_is_gaussian_in_units_of_the_pixels_deviation():
    pixels = np.random.default_rng(1).uniform(0, 16, (2000, 16))
    noise = (add_pixel_noise(pixels, 0.5, 7) - pixels) / pixels.std()
    # Four standard errors among 32,000.
    assert abs(noise.mean()) < 4 * 0.5 / np.sqrt(noise.size)
    assert abs(noise.std() - 0.5) < 4 * 0.5 / np.sqrt(2 * noise.size)
    twice = (add_pixel_noise(pixels, 1.0, 7) - pixels) / pixels.std()
    np.testing.assert_allclose(twice, 2 * noise)


def test_noise_beyond_float32():
    with pytest.raises(InputError, match="does not fit"):
        denoising(pixels=np.full((30, 4), 3e38) * [1, -1, 1, -1], noise=5.0)


def test_pixels_of_no_square_are_a_vector():
    pixels = np.random.default_rng(1).uniform(0, 16, (30, 5))
    dataset = denoising(pixels=pixels, input_names=list("abcde"))
    assert dataset.input_shape == dataset.target_shape == (5,)
