"""What a cell of a raw table says: a number, nothing, or a number in a way that is not read."""

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

    # Text; or float64 in a number column of a pandas frame, which needs no parsing.
    Cells = pd.Series[Any]

Float64Array = npt.NDArray[np.float64]

# pandas alone would also take "nan", "infinity" and "True" for numbers.
NUMBER = r"[ \t]*[+-]?([0-9]+{0}?[0-9]*|{0}[0-9]+)([eE][+-]?[0-9]+)?[ \t]*"
_THOUSANDS = r"[ \t]*[+-]?[0-9]{1,3}([., '\u00a0\u202f\u2019_][0-9]{3})+([.,][0-9]*)?[ \t]*"
# A whole column of such, a line each, told at once: most columns of most tables. Possessive, or a
# cell that is none would be looked for in every way to read those before it.
_PLAIN = re.compile(rf"(?:(?>{NUMBER.format('[.]')})\n)*+")
# How people and programs write that a number is not there, in small letters.
_ABSENT = frozenset(
    (
        *("", "na", "n/a", "n.a.", "#na", "#n/a", "#n/a n/a", "<na>", "nan", "-nan", "nat", "null"),
        *("(null)", r"\n", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "#nv", "#wert!", "#zahl!"),
        *("#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!", "#spill!", "#calc!"),
    )
)
_MISSING = _ABSENT | {
    *(
        "none",
        "?",
        "??",
        "-",
        "--",
        "---",
        "\u2013",
        "\u2014",
        "\u2212",
        ".",
        "..",
        "...",
        "\u2026",
    ),
    *(":", "*"),
}
# What typographers write for a minus.
_MINUS = "^[ \t]*[\u2212\u2013\ufe63\uff0d](?=[0-9.,])"
_BRACKETS = r"\([0-9., '\u00a0\u202f\u2019]*[0-9]\)"
# A sign of a currency or of percent before or behind a number, whatever its decimal mark is.
_SIGN = r"[$€£¥]"
_SIGNED = rf"[+-]?({_SIGN} ?[+-]?[0-9][0-9., ]*|[0-9][0-9., ]*({_SIGN}|%))"


def parse_numbers(cells: "Cells", decimal: str) -> Float64Array:
    """(N,) numbers, NaN for a cell that is no number; infinite beyond the range of a double."""
    if cells.dtype == np.float64:
        return cells.to_numpy(np.float64)
    if decimal == "." and _are_plain(cells):
        return _as_doubles(cells)
    number = NUMBER.format(re.escape(decimal))
    spelled = cells.str.fullmatch(number).to_numpy(np.bool_)
    plain = cells
    if not spelled.all():
        mended = cells[~spelled].str.replace(_MINUS, "-", regex=True)
        mended = mended[mended.str.fullmatch(number)]
        if len(mended):
            plain = cells.copy()
            plain.loc[mended.index] = mended
            spelled = spelled | cells.index.isin(mended.index)
    plain = plain if decimal == "." else plain.str.replace(decimal, ".", regex=False)
    return np.where(spelled, _as_doubles(plain.where(spelled, "")), np.nan)


def _as_doubles(cells: "Cells") -> Float64Array:
    """(N,) of cells that are numbers or empty."""
    import pandas as pd

    texts = cells.to_numpy(dtype=object)
    try:
        return np.asarray(pd.to_numeric(texts, errors="coerce"), dtype=np.float64)
    except OverflowError:
        # A whole number of hundreds of digits, for which Python has no float of its own accord.
        return np.array([float(text) if text.strip() else np.nan for text in texts])


def _are_plain(cells: "Cells") -> bool:
    """Whether all cells are numbers with a decimal point."""
    text = "\n".join([*cells.to_numpy(dtype=object), ""])
    # A cell may hold line ends.
    return _PLAIN.fullmatch(text) is not None and text.count("\n") == len(cells)


def is_missing(cells: "Cells") -> npt.NDArray[np.bool_]:
    """(N,) whether a cell says that its number is not there: it is empty, NA, NaN, null, ?."""
    return _is_among(cells, _MISSING)


def is_absent(cells: "Cells") -> npt.NDArray[np.bool_]:
    """(N,) whether a cell says that there is nothing, be it a number or a name: it is empty, NA."""
    return _is_among(cells, _ABSENT)


def _is_among(cells: "Cells", words: frozenset[str]) -> npt.NDArray[np.bool_]:
    if cells.dtype == np.float64:
        return cells.isna().to_numpy(np.bool_)
    if _are_plain(cells):
        return np.zeros(len(cells), dtype=np.bool_)
    return cells.str.strip().str.lower().isin(words).to_numpy(np.bool_)


def has_thousands(cells: "Cells") -> npt.NDArray[np.bool_]:
    """(N,) whether a cell looks like a number with separators between its thousands: 1,234."""
    return cells.str.fullmatch(_THOUSANDS).to_numpy(np.bool_)


def has_sign(cells: "Cells") -> npt.NDArray[np.bool_]:
    """(N,) whether a cell looks like a number with the sign of a currency or of percent: 5 %."""
    return cells.str.strip().str.fullmatch(_SIGNED).to_numpy(np.bool_)


def in_brackets(cells: "Cells") -> npt.NDArray[np.bool_]:
    """(N,) whether a cell looks like a number below 0 as accountants write it: (1.2)."""
    return cells.str.strip().str.fullmatch(_BRACKETS).to_numpy(np.bool_)
