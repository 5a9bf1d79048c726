"""Kinds of values that params.yaml may hold at its top."""

import math
import re
import reprlib
from typing import Annotated

from pydantic import PlainValidator

from depthgauge.axes.axis import Point
from depthgauge.section import refuse

# Of an experiment and a registered model: what MLflow, folders and sentences can all hold.
NAME = r"^[A-Za-z0-9][A-Za-z0-9 _.-]*$"


def _number_or_name(point: object) -> object:
    """Names of folders are made of points."""
    if isinstance(point, bool) or not isinstance(point, int | float | str):
        raise refuse("must be a number or a name")
    if isinstance(point, float) and not math.isfinite(point):
        raise refuse("must be a finite number")
    if isinstance(point, str) and not re.fullmatch(NAME, point):
        raise refuse("must be letters, digits, dots, hyphens and underscores")
    return point


PointSetting = Annotated[Point, PlainValidator(_number_or_name)]


def _looks(value: object) -> object:
    """A count, or several of them in ascending order."""
    looks = value if isinstance(value, list) else [value]
    for count in looks:
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 10**12:
            raise refuse(
                "must be a whole number from 1 to 10**12, or a plan of looks, as in [20, 40, 80], "
                f"not {reprlib.repr(count)}"
            )
    if not looks or looks != sorted(set(looks)):
        raise refuse(f"{looks} must be in ascending order, each once: a plan of looks")
    return value


ReplicatesSetting = Annotated[int | list[int], PlainValidator(_looks)]
