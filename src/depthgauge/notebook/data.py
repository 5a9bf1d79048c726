"""Arrays, frames and lists as the raw table of an experiment."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import is_float_dtype

from depthgauge.infer.inferred import Kind
from depthgauge.tables.table import quote

# What the columns of arrays are called; of images the pixels.
TARGET, GROUP, PIXEL, COLUMN = "y", "group", "p", "x"


@dataclass(frozen=True)
class Raw:
    """A table in memory.

    kind: what it is, None to be inferred. inputs: the columns that predict, None to be inferred.
    group: the column of the groups, where they are given.
    """

    frame: pd.DataFrame
    target: str
    kind: Kind | None
    inputs: tuple[str, ...] | None
    group: str | None

    def parquet(self) -> bytes:
        """The bytes of a Parquet file. Raises ValueError for a column of mixed things."""
        sink = io.BytesIO()
        try:
            self.frame.to_parquet(sink, index=False)
        except (pa.ArrowException, TypeError, ValueError) as error:
            name = next((c for c in self.frame.columns if not _fits(self.frame[[c]])), None)
            if name is None:
                raise ValueError(f"data: {error}") from None
            kinds = " and ".join(sorted({type(v).__name__ for v in self.frame[name].dropna()}))
            what = f"holds {kinds}; numbers or text are needed, one of them"
            raise ValueError(f"data: column {quote(name)}: {what}") from None
        return sink.getvalue()


def as_raw(X: Any, y: Any, target: str | None, groups: Any) -> Raw:
    """The table of inputs and targets, in whatever they come.

    X: a frame with the target among its columns, named by `target` or y; or inputs alone: a frame,
    (n, F) numbers, (n, h, h) images. y: (n,) targets, of X alone. groups: (n,) names, or that of a
    column. Raises ValueError for what fits together in no way.
    """
    whole = _as_frame(X, y is None or isinstance(y, str))
    if isinstance(y, str):
        if target is not None and target != y:
            raise ValueError(f"target: is {quote(target)}, and y {quote(y)}; name one column")
        target, y = y, None
    kind: Kind | None = None
    inputs = None
    if y is None:
        if target is None:
            raise ValueError("y: is missing; give the targets, or the name of their column")
        if target not in whole.columns:
            present = ", ".join(map(quote, whole.columns[:8]))
            raise ValueError(f"target: {quote(target)} is no column; present are {present}")
    else:
        own = getattr(y, "name", None)
        name = target or (own if isinstance(own, str) and own else TARGET)
        target = _free(name, whole.columns)
        kind = "images" if _is_images(X) else "table"
        # Whoever gives an array means all of its columns.
        inputs = None if kind == "images" or _is_frame(X) else tuple(whole.columns)
        whole = whole.assign(**{target: _column("y", y, len(whole))})
    group = None
    if isinstance(groups, str):
        group = groups
        if group not in whole.columns:
            raise ValueError(f"groups: {quote(group)} is no column")
    elif groups is not None:
        group = _free(GROUP, whole.columns)
        whole = whole.assign(**{group: _column("groups", groups, len(whole))})
    _require_finite(whole)
    return Raw(whole, target, kind, inputs, group)


def _is_frame(X: Any) -> bool:
    return isinstance(X, pd.DataFrame | Mapping) or hasattr(X, "to_pandas")


def _is_images(X: Any) -> bool:
    return not _is_frame(X) and np.ndim(X) > 2


def _require_finite(frame: pd.DataFrame) -> None:
    """Raises ValueError for infinity, which is neither a number to learn from nor missing."""
    for name in frame.columns[[is_float_dtype(kind) for kind in frame.dtypes]]:
        endless = np.isinf(frame[name].to_numpy(dtype=float, na_value=np.nan))
        if endless.any():
            row = int(np.flatnonzero(endless)[0])
            what = f"is {frame[name].iloc[row]}; a finite number is needed, or NaN where none is"
            raise ValueError(f"data: row {row}, column {quote(name)}: {what}")


def _as_frame(X: Any, whole: bool) -> pd.DataFrame:
    """whole: whether the target is among its columns, and its times may be its index."""
    if hasattr(X, "toarray"):
        raise ValueError("X: is sparse; give X.toarray()")
    if hasattr(X, "to_pandas"):
        X = X.to_pandas()
    if isinstance(X, Mapping):
        X = pd.DataFrame(X)
    if isinstance(X, pd.DataFrame):
        names = [str(name) for name in X.columns]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"X: column {quote(twice)} occurs twice; give each a name of its own")
        if X.empty:
            raise ValueError("X: is empty")
        frame: pd.DataFrame = X.set_axis(names, axis=1)
        if whole and isinstance(frame.index, pd.DatetimeIndex):
            return frame.rename_axis(_free(str(frame.index.name or "date"), names)).reset_index()
        return frame.reset_index(drop=True)
    try:
        array = np.asarray(X)
    except (ValueError, TypeError, RuntimeError) as error:
        raise ValueError(f"X: is no array: {error}") from None
    if array.ndim > 2:
        array, before = _pixels(array), PIXEL
    else:
        before = COLUMN
    if array.ndim != 2:
        raise ValueError(
            f"X: has the shape {np.shape(X)}; (examples, inputs) is needed, or (images, side, side)"
            + ("; of one input give X[:, None]" if array.ndim == 1 else "")
        )
    if not array.size:
        raise ValueError(f"X: is empty, of the shape {array.shape}")
    return pd.DataFrame(array, columns=[f"{before}{k}" for k in range(array.shape[1])])


def _pixels(images: np.ndarray) -> np.ndarray:
    shape = images.shape
    if images.ndim == 4 and 1 in (shape[1], shape[-1]):
        images = images.reshape(len(images), *(shape[1:-1] if shape[-1] == 1 else shape[2:]))
    if images.ndim != 3:
        raise ValueError(f"X: has the shape {shape}; images of one channel are needed: (n, h, h)")
    if images.shape[1] != images.shape[2]:
        raise ValueError(f"X: images of {shape[1]} by {shape[2]} pixels; they must be square")
    return images.reshape(len(images), -1)


def _column(name: str, values: Any, rows: int) -> Any:
    """(n,) values in the order of the rows, whatever index they have."""
    if isinstance(values, pd.DataFrame):
        values = values.to_numpy()
    if isinstance(values, pd.Series):
        column = values.reset_index(drop=True)
    else:
        if hasattr(values, "to_numpy"):
            values = values.to_numpy()
        array = np.asarray(values)
        if array.ndim == 2 and array.shape[1] == 1:
            array = array[:, 0]
        if array.ndim != 1:
            raise ValueError(f"{name}: has the shape {array.shape}; ({rows},) is needed")
        column = pd.Series(array)
    if len(column) != rows:
        raise ValueError(f"{name}: has {len(column):,} values, and X {rows:,} rows")
    return column


def _free(name: str, taken: Any) -> str:
    while name in taken:
        name += "_"
    return name


def _fits(column: pd.DataFrame) -> bool:
    try:
        pa.Table.from_pandas(column)
    except (pa.ArrowException, TypeError, ValueError):
        return False
    return True
