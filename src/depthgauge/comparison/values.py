"""Values as they are compared: settings that are the same, and numbers that are measured."""

import math
import re

import numpy as np
import pandas as pd

from depthgauge.statistics.stopping import FloatArray

# What is larger has no variance in floating point: the run diverged. SQL stores of MLflow keep the
# largest number there is for an infinite one.
LARGEST = 1e70
_INTEGER = re.compile(r"[+-]?[0-9]{1,300}")


def alike(column: pd.Series) -> pd.Series:
    """Numbers that are written in several ways, as one: "0.10", "0.1", "1e-1"."""
    written = {value: _as_one(value) for value in column.dropna().unique()}
    return column.map(written, na_action="ignore").astype(object).where(column.notna(), None)


def measured(column: pd.Series) -> FloatArray:
    """The numbers; NaN for those that are none or infinite."""
    numbers = column.to_numpy(float)
    return np.where(np.abs(numbers) < LARGEST, numbers, np.nan)


def _as_one(text: str) -> str:
    if _INTEGER.fullmatch(text):
        # A seed may have more digits than a float tells apart.
        return str(int(text))
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number:.15g}" if math.isfinite(number) and "_" not in text else text
