"""The names of a table's columns."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from depthgauge.errors import InputError


def column_names(path: Path, cells: Sequence[str]) -> tuple[str, ...]:
    """The names in a header, without the spaces around them.

    A column without a name is called by its place, "column 1": pandas and R write the numbers of
    the rows so. Raises InputError for a header without columns and where two have one name.
    """
    names = tuple(cell.strip() or f"column {place}" for place, cell in enumerate(cells, 1))
    if not names:
        raise InputError(f"{path}: has no columns")
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise InputError(
            f"{path}: row 1: column {name[:40]!r} occurs {count} times; give each a name of its own"
        )
    return names
