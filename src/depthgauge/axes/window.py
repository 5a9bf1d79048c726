"""The number of past values from which a series is predicted."""

from dataclasses import replace
from typing import Any

import numpy as np

from depthgauge.axes.axis import Axis
from depthgauge.data.dataset import Dataset, IntArray
from depthgauge.errors import InputError


class _Window(Axis):
    def apply(self, dataset: Dataset, point: int, seed: int) -> Dataset:
        """The last `point` values of every column of a series.

        Every point predicts the same days from the same scaled values.
        """
        window = dataset.input_shape[-1]
        if not 1 <= point <= window:
            raise InputError(
                f"points: window {point} must be from 1 to {window}, the days prepared"
            )
        columns = len(dataset.input_names) // window
        kept: IntArray = np.arange(columns * window).reshape(columns, window)[:, -point:].ravel()
        scaling = dataset.scaling
        centre, scale = scaling.input_centre, scaling.input_scale
        return replace(
            dataset,
            inputs=np.ascontiguousarray(dataset.inputs[:, kept]),
            input_names=tuple(dataset.input_names[k] for k in kept),
            scaling=replace(scaling, input_centre=centre[:, kept], input_scale=scale[:, kept]),
            scaling_groups=dataset.scaling_groups[kept],
            input_shape=(*dataset.input_shape[:-1], point),
        )

    def check(self, settings: Any) -> None:
        """Data are prepared with the greatest window, from which each point takes its last days.

        Another point then needs no new data, and all points predict the same days.
        """
        data, greatest = settings.data, max(settings.points)
        if data.kind != "series":
            raise ValueError(f"axis: window needs data.kind series; it is {data.kind}")
        if data.window != greatest:
            raise ValueError(
                f"data.window: {data.window} must be the greatest of the points, {greatest}, since "
                "the axis is window"
            )


ENTRY = _Window(
    name="window",
    noun="window",
    plural="windows",
    # Not days: months and hours are series too.
    label="window (values of each input)",
    preposition="with",
    before="a window of ",
    one=" value",
    several=" values",
    before_several="windows of ",
)
