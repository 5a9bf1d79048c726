"""What classes are as pandas reads them from a raw table: text, truth values, numbers."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from depthgauge.data.classes import order_classes
from depthgauge.tables.cells import NUMBER
from depthgauge.tables.table import Label, Table

# What pandas takes for truth values.
_TRUTH = {"True", "TRUE", "true", "False", "FALSE", "false"}


def as_pandas_reads(texts: Sequence[str], label: Label | None = None) -> np.ndarray[Any, Any]:
    """Texts as pandas reads them from a raw table: whole numbers where all are such; truth values,
    numbers. Digits with zeros before them stay names. label: what they are, where that is known.
    """
    read: dict[Label, Callable[[str], object]] = {
        "text": str,
        "bool": lambda text: text.lower() == "true",
        "int": int,
        "float": lambda text: float(text.replace(",", ".")),
    }
    return np.array([read[label or guess_label(texts)](text) for text in texts], dtype=None)


def guess_label(texts: Sequence[str], decimal: str = ".") -> Label:
    """What pandas takes the cells of a CSV file for."""
    if all(re.fullmatch("[+-]?(0|[1-9][0-9]*)", text) for text in texts):
        return "int"
    if all(text in _TRUTH for text in texts):
        return "bool"
    number = NUMBER.format(re.escape(decimal))
    codes = all(re.fullmatch("[+-]?[0-9]+", text) for text in texts)
    return "float" if not codes and all(re.fullmatch(number, text) for text in texts) else "text"


def fit_classes(table: Table, column: str, labels: Sequence[str] | None) -> dict[str, Any]:
    """The fields `classes` and `label` of an encoder. labels: of a column, None without classes.

    Raises InputError as `order_classes` does.
    """
    if labels is None:
        return {"classes": ()}
    classes = order_classes(labels)
    found = table.types.get(column)
    if found is None and table.decimal != ".":
        found = guess_label(classes, table.decimal)
    # Where the texts say it, nothing else need.
    return {"classes": classes, "label": None if found == guess_label(classes) else found}
