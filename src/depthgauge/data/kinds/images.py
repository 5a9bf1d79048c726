"""Images, one row of pixels each: which class is it, or what was it before the noise?"""

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import FloatArray, IntArray, Prepared
from depthgauge.data.scaling import as_float32, fit
from depthgauge.data.splits import check_classes, random_splits
from depthgauge.errors import InputError
from depthgauge.seeds import Purpose, generator

Columns = Literal["all", "each"]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_DIGITS = re.compile(r"(\d+)", re.ASCII)


def class_names(labels: Sequence[str]) -> tuple[str, ...]:
    """The different labels in the order a person expects: 2 before 10, "image2" before "image10".

    Raises InputError when there are fewer than two, or when two are one number written in two
    ways ("1" and "01").
    """
    names = sorted(set(labels))
    if len(names) < 2:
        only = f"only class {names[0][:40]!r}" if names else "no class"
        raise InputError(f"{only}: classification needs two classes or more")
    if not all(_NUMBER.fullmatch(name) for name in names):
        return tuple(sorted(names, key=_natural))
    ordered = sorted(names, key=Decimal)
    for one, other in itertools.pairwise(ordered):
        if Decimal(one) == Decimal(other):
            raise InputError(
                f"classes {one[:40]!r} and {other[:40]!r} are the same number; "
                "write each class in one way"
            )
    return tuple(ordered)


def class_numbers(labels: Sequence[str], classes: Sequence[str]) -> IntArray:
    """(N,) int64: the place of each label in `classes`."""
    number = {name: place for place, name in enumerate(classes)}
    return np.array([number[label] for label in labels], dtype=np.int64)


def prepare_classes(
    pixels: npt.NDArray[np.float64],
    input_names: Sequence[str],
    labels: Sequence[str],
    row_names: Sequence[str],
    counts: Mapping[str, int],
    seed: int,
    replicates: int,
    scaling: Columns,
    label_noise: float,
) -> Prepared:
    """Images and their classes as a pool with a random split and scaling for each replicate.

    pixels: (N, F). labels: N class names. scaling: one centre and scale for all pixels, which
    share a unit, or for each by itself. label_noise: as `noisy_labels`. Raises InputError as
    `class_names`, `splits.random_splits`, `splits.check_classes` and `scaling.fit` do, and for
    F = 0.
    """
    inputs, groups = _pixels(pixels, scaling)
    classes = class_names(labels)
    targets = class_numbers(labels, classes)
    splits = random_splits(len(targets), counts, seed, replicates)
    train_targets = None
    if label_noise > 0:
        train_targets = noisy_labels(targets, splits.train, len(classes), label_noise, seed)
    check_classes(targets[splits.train] if train_targets is None else train_targets, classes)
    return Prepared(
        task="classification",
        inputs=inputs,
        targets=targets,
        input_names=tuple(input_names),
        row_names=tuple(row_names),
        classes=classes,
        splits=splits,
        scaling=fit(inputs, None, groups, splits),
        scaling_groups=groups,
        train_targets=train_targets,
        reference=None,
        input_shape=_image_shape(inputs.shape[1]),
        target_shape=(),
    )


def prepare_denoising(
    pixels: npt.NDArray[np.float64],
    input_names: Sequence[str],
    row_names: Sequence[str],
    counts: Mapping[str, int],
    seed: int,
    replicates: int,
    scaling: Columns,
    input_noise: float,
) -> Prepared:
    """Images to be found again in noisy ones: the inputs are (N, F) pixels plus noise, the targets
    the pixels.

    input_noise: as `noisy_pixels`. Raises InputError as `splits.random_splits` and `scaling.fit`
    do, for F = 0 and for noise that takes a pixel beyond float32.
    """
    targets, groups = _pixels(pixels, scaling)
    inputs = as_float32(noisy_pixels(pixels, input_noise, seed))
    splits = random_splits(len(targets), counts, seed, replicates)
    shape = _image_shape(targets.shape[1])
    return Prepared(
        task="structured",
        inputs=inputs,
        targets=targets,
        input_names=tuple(input_names),
        row_names=tuple(row_names),
        classes=(),
        splits=splits,
        scaling=fit(inputs, targets, groups, splits),
        scaling_groups=groups,
        train_targets=None,
        reference=None,
        input_shape=shape,
        target_shape=shape,
    )


def noisy_labels(
    labels: IntArray, train: IntArray, classes: int, share: float, seed: int
) -> IntArray:
    """(S, n) labels of the training rows, each replaced with probability `share` by another class.

    labels: (N,) class numbers below `classes`. train: (S, n) rows. The other class is uniform.
    A row's noise depends on the seed, the replicate, the row and N alone, not on who else trains;
    a greater share replaces the same labels and more.
    Source: symmetric label noise; C. Zhang et al. (2017), https://arxiv.org/abs/1611.03530, who
    draw from all classes, so that their share 1 is ours of (classes - 1) / classes.
    """
    noisy = np.empty_like(train)
    for replicate, rows in enumerate(train):
        rng = generator(seed, Purpose.LABEL_NOISE, replicate)
        replaced = rng.random(len(labels)) < share
        others = (labels + rng.integers(1, classes, len(labels))) % classes
        noisy[replicate] = np.where(replaced, others, labels)[rows]
    return noisy


def noisy_pixels(
    pixels: npt.NDArray[np.float64], deviation: float, seed: int
) -> npt.NDArray[np.float64]:
    """(N, F) pixels plus Gaussian noise, drawn once for each image.

    deviation: of the noise, in units of the standard deviation of all pixels of all images.
    """
    noise = generator(seed, Purpose.INPUT_NOISE).standard_normal(pixels.shape)
    noisy: npt.NDArray[np.float64] = pixels + deviation * pixels.std() * noise
    return noisy


def _pixels(pixels: npt.NDArray[np.float64], scaling: Columns) -> tuple[FloatArray, IntArray]:
    """The pixels as float32, and the scaling groups (F,) of their columns."""
    if pixels.shape[1] == 0:
        raise InputError("no input columns: an image needs one pixel or more")
    if scaling not in ("all", "each"):
        raise InputError(f"scaling: {scaling!r} is unknown; use 'all' or 'each'")
    columns = np.arange(pixels.shape[1], dtype=np.int64)
    return as_float32(pixels), columns if scaling == "each" else np.zeros_like(columns)


def _image_shape(pixels: int) -> tuple[int, ...]:
    """(8, 8) for 64 pixels; (F,) where F is no square number."""
    side = math.isqrt(pixels)
    return (side, side) if side * side == pixels else (pixels,)


def _natural(name: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """Runs of digits compare by value: by length without leading zeros, then digit by digit."""
    parts = _DIGITS.split(name)
    values = [part.lstrip("0") for part in parts]
    return tuple(
        (len(values[i]), values[i]) if i % 2 else (0, part) for i, part in enumerate(parts)
    ), name
