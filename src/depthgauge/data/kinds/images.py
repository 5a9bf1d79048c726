"""Images, one row of pixels each: which class is it, or what was it before the noise?"""

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from depthgauge.data.classes import number_classes
from depthgauge.data.dataset import Dataset, Float32Array, Float64Array, IntArray
from depthgauge.data.kinds.kind import Encoded, Encoder, assemble
from depthgauge.data.kinds.rows import DrawnSplit, RowsSettings
from depthgauge.data.labels import fit_classes
from depthgauge.data.scaling import as_float32
from depthgauge.data.splits import check_classes
from depthgauge.errors import InputError
from depthgauge.seeds import Purpose, generator
from depthgauge.tables.table import (
    Table,
    in_file,
    read_labels,
    read_number_columns,
    require_columns,
)


class ImagesEncoder(Encoder):
    """Inputs are the pixels; without classes the answers are the pixels without their noise."""

    kind: Literal["images"]
    pixels: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.pixels

    @property
    def input_names(self) -> tuple[str, ...]:
        return self.pixels

    @property
    def input_shape(self) -> tuple[int, ...]:
        """(8, 8) for 64 pixels; (F,) where F is no square number."""
        side = math.isqrt(len(self.pixels))
        return (side, side) if side * side == len(self.pixels) else (len(self.pixels),)

    @property
    def output_names(self) -> tuple[str, ...]:
        return (self.target,) if self.classes else self.pixels

    @property
    def target_shape(self) -> tuple[int, ...]:
        return () if self.classes else self.input_shape

    def encode(self, table: Table) -> Encoded:
        pixels = read_number_columns(table, self.pixels).astype(np.float32)
        return Encoded(pixels, tuple(str(line) for line in table.lines))

    def guesses(self, dataset: Dataset) -> dict[str, Float32Array]:
        """What one says of an image without looking for the noise: {"noisy_image": (N, F)}."""
        return {} if self.classes else {"noisy_image": dataset.inputs}


class ImagesData(RowsSettings):
    """A table with a row for each image: its class and its pixels.

    The task is to tell the class (classification), or the image from a noisy one (structured).
    scaling: one centre and scale for all pixels, which share a unit, or for each by itself.
    """

    ENCODER = ImagesEncoder

    kind: Literal["images"]
    task: Literal["classification", "structured"]
    """classification: the class | structured: the image, from a noisy one"""
    scaling: Literal["all", "each"]
    """centre and scale of the training pixels: all (together) | each (by itself)"""
    label_noise: Annotated[float, Field(ge=0, lt=1)]
    """share of training labels replaced by another class, for each replicate"""
    input_noise: Annotated[float, Field(ge=0)]
    """structured: deviation of the noise, in deviations of the pixels"""
    split: DrawnSplit
    """examples, drawn anew for each replicate; the rest is left out"""

    @property
    def directions(self) -> int:
        """Across and down."""
        return 2

    @model_validator(mode="after")
    def _noise_of_the_task(self) -> "ImagesData":
        for key, task in (("label_noise", "classification"), ("input_noise", "structured")):
            if (noise := getattr(self, key)) > 0 and self.task != task:
                raise ValueError(
                    f"data.{key}: {noise} is noise for the task {task}; data.task is "
                    f"{self.task}: use 0.0"
                )
        return self

    def labels_seen(
        self, labels: IntArray, train: IntArray, classes: int, seed: int
    ) -> IntArray | None:
        if not self.label_noise:
            return None
        return add_label_noise(labels, train, classes, self.label_noise, seed)

    def fit(self, table: Table) -> ImagesEncoder:
        named = [self.target, *([self.group] if self.group is not None else [])]
        require_columns(table, named)
        pixels = tuple(column for column in table.columns if column not in named)
        labels = read_labels(table, self.target) if self.task == "classification" else None
        with in_file(table.path):
            if not pixels:
                raise InputError("no input columns: an image needs one pixel or more")
            known = fit_classes(table, self.target, labels)
        return ImagesEncoder(
            kind="images", task=self.task, target=self.target, pixels=pixels, **known
        )

    def build(
        self, table: Table, encoder: ImagesEncoder, encoded: Encoded, seed: int, replicates: int
    ) -> tuple[Dataset, dict[str, int]]:
        pixels = len(encoder.pixels)
        each: IntArray = np.arange(pixels) if self.scaling == "each" else np.zeros(pixels, int)
        targets: Float32Array | IntArray = encoded.inputs
        labels: IntArray = np.zeros(0, dtype=np.int64)
        classes, seen, groups = encoder.classes, None, self.read_groups(table)
        if classes:
            targets = labels = number_classes(read_labels(table, self.target), classes)
        with in_file(table.path):
            splits = self.draw(len(table.lines), labels, classes, groups, seed, replicates)
            if classes:
                seen = self.labels_seen(labels, splits.train, len(classes), seed)
                check_classes(labels[splits.train] if seen is None else seen, classes)
            else:
                clean = read_number_columns(table, encoder.pixels)
                noisy = as_float32(add_pixel_noise(clean, self.input_noise, seed))
                encoded = Encoded(noisy, encoded.row_names)
            further = {"train_targets": seen, "groups": groups}
            dataset = assemble(encoder, encoded, targets, splits, each, (), **further)
        used = sum(splits.sizes.values())
        return dataset, {"rows left out": len(table.lines) - used}


def add_label_noise(
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


def add_pixel_noise(pixels: Float64Array, deviation: float, seed: int) -> Float64Array:
    """(N, F) pixels plus Gaussian noise, drawn once for each image.

    deviation: of the noise, in units of the standard deviation of all pixels of all images.
    """
    noise = generator(seed, Purpose.INPUT_NOISE).standard_normal(pixels.shape)
    noisy: Float64Array = pixels + deviation * pixels.std() * noise
    return noisy


ENTRY = ImagesData
