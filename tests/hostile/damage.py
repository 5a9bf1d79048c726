"""Files of results that are damaged in every way that keeps a few bytes of them plausible."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from safetensors.numpy import load, save

from depthgauge.files.digests import bytes_digest, json_digest

# Any JSON that may stand where another was expected, and text for a cell of a table.
SCALARS = (
    *(None, True, False, 0, -1, 1, 2, 0.5, 1e308, 10**400, float("nan"), float("inf"), "", "x"),
    *("1", "fixed", "\u0000", "\ud800", "=1+1", "../x"),
)
VALUES = st.sampled_from([*SCALARS, [], {}, [0], [[]], {"": 0}, [1e308] * 3, {"a": {"b": []}}])
CELLS = st.sampled_from(
    [
        *("", "x", "nan", "inf", "-inf", "1e999", "-1", "0", "1", "7", "0.5", "9" * 20, "true"),
        *("\u0661", "1_0", " 1", '"', "fixed", "diverged", "\u00e9", "0x1", "1e-400", "\0"),
    ]
)
Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def damaged(draw: Draw, data: bytes, name: str) -> bytes | None:
    """The contents of a file of that name, damaged; None where it is missing."""
    ways: list[Callable[..., Any]] = [_gone, _cut, _flipped, _doubled]
    ways += {".json": [_json] * 4, ".csv": [_csv] * 4, ".safetensors": [_tensors] * 4}.get(
        Path(name).suffix, []
    )
    way = draw(st.sampled_from(ways))
    found: bytes | None = way(draw, data)
    return found


def _gone(draw: Draw, data: bytes) -> bytes | None:
    return draw(st.sampled_from([None, b"", b"\xff\xfe", b"[" * 100_000, b"\0" * len(data)]))


def _cut(draw: Draw, data: bytes) -> bytes:
    return data[: draw(st.integers(0, len(data)))]


def _doubled(draw: Draw, data: bytes) -> bytes:
    return data + data[draw(st.integers(0, len(data))) :]


def _flipped(draw: Draw, data: bytes) -> bytes:
    changed = bytearray(data)
    for place in draw(st.lists(st.integers(0, max(0, len(data) - 1)), min_size=1, max_size=4)):
        if data:
            changed[place] = draw(st.integers(0, 255))
    return bytes(changed)


def _json(draw: Draw, data: bytes) -> bytes:
    content = json.loads(data)
    places = [*_places([content], 0)]
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(places))
        what = draw(st.sampled_from(["other", "gone", "key", "twice"]))
        try:
            if what == "other":
                holder[key] = draw(VALUES)
            elif what == "gone" and len(holder) > 1:
                del holder[key]
            elif what == "key" and isinstance(holder, dict):
                holder[draw(st.sampled_from(["x", "", "point"]))] = holder.pop(key)
            else:
                holder[key] = [holder[key], holder[key]]
        except (KeyError, IndexError):  # an earlier change took it away
            continue
    root = content if places[0][0][0] is content else places[0][0][0]
    return json.dumps(root).encode("utf-8", "surrogatepass")


def _places(holder: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value in JSON: what holds it, and where."""
    yield holder, key
    value = holder[key]
    if isinstance(value, dict | list):
        for inner in [*value] if isinstance(value, dict) else range(len(value)):
            yield from _places(value, inner)


def _csv(draw: Draw, data: bytes) -> bytes:
    lines = [line.split(",") for line in data.decode().splitlines()]
    row = draw(st.integers(0, max(0, len(lines) - 1)))
    what = draw(st.sampled_from(["cell", "cell", "row gone", "row twice", "column gone", "header"]))
    column = draw(st.integers(0, max(0, len(lines[0]) - 1)))
    if what == "cell":
        lines[row][min(column, len(lines[row]) - 1)] = draw(CELLS)
    elif what == "row gone":
        del lines[row]
    elif what == "row twice":
        lines.insert(row, lines[row])
    elif what == "column gone":
        lines = [line[:column] + line[column + 1 :] for line in lines]
    else:
        lines[0][column] = draw(st.sampled_from(["", "x", lines[0][0], "test_loss"]))
    return "".join(",".join(line) + "\n" for line in lines).encode()


def _tensors(draw: Draw, data: bytes) -> bytes:
    """Other shapes, types, names and values, in a file that is whole."""
    tensors = load(data)
    name = draw(st.sampled_from(sorted(tensors)))
    found = tensors[name]
    what = draw(st.sampled_from(["gone", "named", "flat", "fewer", "more", "type", "value"]))
    if what in ("gone", "named"):
        del tensors[name]
        tensors |= {"x": found} if what == "named" else {}
    else:
        tensors[name] = {
            "flat": lambda: found.reshape(-1),
            "fewer": lambda: found[:-1],
            "more": lambda: np.concatenate([found, found]),
            "type": lambda: found.astype(np.int8),
            "value": lambda: np.full_like(found, draw(st.sampled_from([0, 1, 127]))),
        }[what]()
    return save({key: np.ascontiguousarray(value) for key, value in tensors.items()})


# They tell the digests of the files beside them, and some their own.
TELLERS = ("provenance.json", "study.json", "verdicts.json")


def mend_digests(path: Path) -> None:
    """Whatever tells the digest of a file tells that of the damaged one: readers get further."""
    for teller in map(path.with_name, TELLERS):
        if not (teller.is_file() and path.is_file()):
            continue
        with suppress(ValueError, RecursionError, TypeError, KeyError, AttributeError):
            content = json.loads(teller.read_text())
            whole = {name: value for name, value in content.items() if name != "digests"}
            mended = json_digest(whole) if teller == path else bytes_digest(path.read_bytes())
            if path.name in content["digests"]:
                content["digests"][path.name] = mended
                teller.write_text(json.dumps(content, indent=2) + "\n")
