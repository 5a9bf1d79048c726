"""A .ts file of the UEA and UCR archives as a long table: a row for each step of each sequence.

Source of the format: aeon, https://www.aeon-toolkit.org/en/stable/api_reference/data_format.html.
Rows are called by the line that their sequence stands on.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from depthgauge.errors import InputError
from depthgauge.tables.csv import decode

if TYPE_CHECKING:
    import pandas as pd

ID, STEP, CLASS, VALUE = "id", "step", "class", "value"
# Keys of a header, of which one is enough to tell such a file by.
_KEYS = "problemname|timestamps|missing|univariate|dimensions?|equallength|serieslength|classlabel"
_HEADER = re.compile(rb"(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*[ \t]*@(\w+)")
_KNOWN = re.compile(rf"{_KEYS}|targetlabel|data", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NUMBER = re.compile(rf"{_PLAIN.pattern}|\?|[nN][aA][nN]", re.ASCII)
_COUNT = re.compile(r"0*[1-9]\d{0,8}", re.ASCII)
MISSING = "?"
# A value with its time before it, and a colon that is in no such pair of brackets.
_TIMED = re.compile(r"\(([^()]*),([^(),]*)\)")
_BETWEEN = re.compile(r":(?![^()]*\))")


class Parsed(NamedTuple):
    """Names of the columns, the line of each row, and for each column its cells as text."""

    columns: tuple[str, ...]
    lines: tuple[int, ...]
    cells: dict[str, "pd.Series[str]"]


@dataclass(frozen=True)
class _Header:
    """label: the name of the column of labels, None where sequences have none.

    line: the one of @data. classes: as the header writes them, by that and by what they are
    compared by; none where it names none. channels: how many there must be, None where that is not
    said. even: whether all are said to be equally long. timed: whether each value has its time
    before it.
    """

    line: int
    label: str | None
    classes: dict[str, str]
    channels: int | None
    even: bool
    timed: bool


def is_ts(path: Path, data: bytes) -> bool:
    """Whether a file is one, by its name or by how its header begins."""
    found = _HEADER.match(data.removeprefix(b"\xef\xbb\xbf"))
    known = found is not None and _KNOWN.fullmatch(found[1].decode("ascii", "replace"))
    return str(path).lower().endswith(".ts") or bool(known)


def parse_ts(path: Path, data: bytes, encoding: str) -> Parsed:
    """The long table: `id` (from 1, in the order of the file), `step` (from 1), `c1`, `c2`, ...,
    and the label as `class`, or as `value` with @targetLabel.

    A missing value stays `?` or NaN. Times beside the values are left out: steps are their order.
    Raises InputError naming the line, and the channel and step where it can.
    """
    import pandas as pd

    text = decode(path, data, encoding).replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.strip() for line in text.split("\n")]
    header = _parse_header(path, lines)
    numbers: list[int] = []
    lengths: list[int] = []
    labels: list[str] = []
    channels: list[list[list[str]]] = []
    for number, line in enumerate(lines[header.line :], header.line + 1):
        if not line or line.startswith("#"):
            continue
        values, label = _parse_line(path, number, line, header)
        if channels and len(values) != len(channels):
            what = f"has {len(values)} channels; row {numbers[0]} has {len(channels)}"
            raise _error(path, number, what)
        if header.even and lengths and len(values[0]) != lengths[0]:
            what = (
                f"has {len(values[0])} steps, row {numbers[0]} has {lengths[0]}; "
                "@equalLength must be false then"
            )
            raise _error(path, number, what)
        channels = channels or [[] for _ in values]
        for channel, own in zip(channels, values, strict=True):
            channel.append(own)
        numbers.append(number)
        lengths.append(len(values[0]))
        labels.append(label)
    if not channels:
        raise InputError(f"{path}: has no sequence below @data in row {header.line}")

    def spread(of_each: Sequence[object]) -> "pd.Series[str]":
        return pd.Series(np.repeat(np.array(of_each, dtype=object), lengths), dtype=str)

    cells = {
        ID: spread([str(place) for place in range(1, len(numbers) + 1)]),
        STEP: pd.Series(list(_count_steps(lengths)), dtype=str),
    }
    for place, channel in enumerate(channels, 1):
        cells[f"c{place}"] = pd.Series(list(itertools.chain.from_iterable(channel)), dtype=str)
    if header.label is not None:
        cells[header.label] = spread(labels)
    return Parsed(tuple(cells), tuple(np.repeat(numbers, lengths).tolist()), cells)


def _count_steps(lengths: Sequence[int]) -> Iterator[str]:
    texts = [str(step) for step in range(1, max(lengths) + 1)]
    return itertools.chain.from_iterable(texts[:length] for length in lengths)


def _parse_header(path: Path, lines: Sequence[str]) -> _Header:
    """What stands above @data. Keys that nothing follows from are passed over."""
    said: dict[str, tuple[int, list[str]]] = {}
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        if not line.startswith("@"):
            what = "stands above @data and begins with neither @ nor #"
            raise _error(path, number, what)
        key, *values = line[1:].split() or [""]
        if key.lower() == "data":
            return _make_header(path, number, said)
        said[key.lower()] = (number, values)
    raise InputError(f"{path}: has no line @data, below which a .ts file has its sequences")


def _make_header(path: Path, line: int, said: dict[str, tuple[int, list[str]]]) -> _Header:
    def is_true(key: str, unsaid: bool) -> bool:
        if key not in said:
            return unsaid
        number, values = said[key]
        if not values or values[0].lower() not in ("true", "false"):
            raise _error(path, number, f"@{key} must be true or false")
        return values[0].lower() == "true"

    # As aeon has it: a file that says nothing has classes, and a target takes their place.
    has_value, has_class = is_true("targetlabel", False), is_true("classlabel", True)
    classes = said.get("classlabel", (0, []))[1][1:] if has_class and not has_value else []
    channels = 1 if is_true("univariate", False) else None
    for key in ("dimensions", "dimension"):
        if key in said and channels is None:
            number, values = said[key]
            if len(values) != 1 or not _COUNT.fullmatch(values[0]):
                raise _error(path, number, f"@{key} must be the number of channels")
            channels = int(values[0])
    return _Header(
        line=line,
        label=VALUE if has_value else CLASS if has_class else None,
        classes={**{_fold(n): n for n in reversed(classes)}, **{n: n for n in classes}},
        channels=channels,
        even=is_true("equallength", False),
        timed=is_true("timestamps", False),
    )


def _parse_line(path: Path, number: int, line: str, header: _Header) -> tuple[list[list[str]], str]:
    """The values of each channel of a sequence, and its label."""
    parts = (_BETWEEN.split(line) if header.timed else line.split(":")) if line else []
    label = ""
    if header.label is not None:
        label = parts.pop().strip()
        if not parts or "," in label or not label:
            what = f"must end with a colon and the {header.label} of the sequence"
            raise _error(path, number, what)
        # A name of several words could not be told from several names in the header.
        key = label if label in header.classes else _fold(label)
        if label == MISSING:
            label = ""
        elif header.classes and key not in header.classes and " " not in label:
            what = f"{label[:40]!r} is none of the classes that @classLabel names"
            raise _error(path, number, what)
        label = header.classes.get(key, label) if label else ""
    if header.channels not in (None, len(parts)):
        what = f"has {len(parts)} channels; the header says {header.channels}"
        raise _error(path, number, what)
    values = [
        _parse_channel(path, number, place, part, header.timed)
        for place, part in enumerate(parts, 1)
    ]
    for place, cells in enumerate(values, 1):
        if len(cells) != len(values[0]):
            what = f"channel {place} has {len(cells)} steps; channel 1 has {len(values[0])}"
            raise _error(path, number, what)
    return values, label


def _parse_channel(path: Path, number: int, place: int, text: str, timed: bool) -> list[str]:
    if timed:
        if _TIMED.sub("", text).strip(" ,\t"):
            what = f"channel {place}: each value must stand in brackets with its time, (time, 1.5)"
            raise _error(path, number, f"{what}, since @timeStamps is true")
        cells = [value.strip() for _, value in _TIMED.findall(text)]
    else:
        cells = [value.strip() for value in text.split(",")]
    for step, cell in enumerate(cells, 1):
        if not _NUMBER.fullmatch(cell):
            shown = f"{cell[:40]!r} is no number" if cell else "is empty"
            what = f"channel {place}, step {step}: {shown}; write ? for one that is missing"
            raise _error(path, number, what)
    if not cells:
        raise _error(path, number, f"channel {place}: is empty")
    return cells


def _fold(label: str) -> str:
    """What a label is compared by: small letters, as in aeon, or its value, so that 1 is 1.0."""
    return str(float(label)) if _PLAIN.fullmatch(label) else label.casefold()


def _error(path: Path, number: int, what: str) -> InputError:
    return InputError(f"{path}: row {number}: {what}")
