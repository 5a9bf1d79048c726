"""How a CSV file is written, from its bytes: encoding, separator, decimal mark."""

import codecs
import contextlib
import csv
import io
import itertools
import re
import unicodedata
from collections import Counter
from pathlib import Path

from depthgauge.errors import InputError
from depthgauge.tables.cells import parse_numbers
from depthgauge.tables.csv import check_beginning
from depthgauge.tables.table import Format
from depthgauge.tables.ts import is_ts

SEPARATORS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheets write that are not asked for Unicode.
_CODE_PAGES = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("koi8_r", "cp932", "euc_jp", "gb18030", "big5", "euc_kr", "utf_16_le", "utf_16_be"),
)
_CENTRAL_EUROPE = ("Polish", "Czech", "Slovak", "Hungarian", "Slovene", "Croatian", "Romanian")
# Japanese and Chinese, which mix letters, are not among them.
_ALPHABETS = {"LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC"}
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f]")
_SIGN_IN_WORD = re.compile(r"[^\W\d_](?![\u00aa\u00b5\u00b7\u00ba])[\u00a1-\u00bf][^\W\d_]")
_SAMPLE_BYTES, _SAMPLE_ROWS, _MORE_ROWS = 2**20, 200, 5000
# Quoted numbers: a comma before other than three digits, or behind a 0, parts no thousands.
_DECIMAL_COMMA = re.compile(r"\s*[+\-\u2212]?(0,[0-9]+|[0-9]*,([0-9]{1,2}|[0-9]{4,}))\s*")
_DECIMAL_POINT = re.compile(
    r"\s*[+\-\u2212]?([0-9]{1,3}(,[0-9]{3})+)?[0-9]*\.[0-9]+\s*|[0-9]+(,[0-9]{3}){2,}"
)


def sniff(path: Path, data: bytes) -> Format:
    """The most likely format. Raises InputError where no encoding fits the bytes."""
    if data[:4] == b"PAR1":
        return Format(",", "utf-8", ".")
    check_beginning(path, data)
    encoding = _encoding(path, data)
    if is_ts(path, data):
        return Format(",", encoding, ".")
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    if text.lower().startswith("sep=") and len(text.split("\n")[0].strip()) <= 5:
        raise InputError(f"{path}: row 1: {text.split()[0]!r} is a note to Excel; take the row out")
    separator, rows = _separated(text)
    quoted = separator == "," and _has_decimal_commas(_rows(text, separator, _MORE_ROWS))
    return Format(
        separator, encoding, "," if quoted else "." if separator == "," else _decimal(rows)
    )


def _encoding(path: Path, data: bytes) -> str:
    # Ctrl-Z, which ends a text of DOS, is of every encoding.
    data = data.rstrip(b"\x1a")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
        if b"\0" not in data:
            return "utf-8"
    except UnicodeDecodeError:
        pass
    # Imported here: few files need it.
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE_BYTES], cp_isolation=list(_CODE_PAGES)).best()
    text = data.decode("cp1252", errors="replace")
    western = "\ufffd" not in text and not _is_odd(text)
    if best is None:
        if western:
            return "cp1252"
        raise InputError(f"{path}: is no text in any known encoding; save the table as UTF-8")
    name = codecs.lookup(best.encoding).name
    # A few accents fit both; without a language that says otherwise it is the common one.
    central = name == "cp1250" and best.language not in _CENTRAL_EUROPE
    # A euro sign and some umlauts are too little to guess from, but can be told from this.
    wrong = central or _is_odd(data.decode(name, errors="replace"))
    return "cp1252" if western and wrong else name


def _is_odd(text: str) -> bool:
    """Whether a text holds what no table does.

    Control characters but for spaces and line ends; a sign within a word, as Polish read as Western
    has it; or words that mostly mix the letters of two alphabets, as German read as Cyrillic does.
    """
    if _CONTROLS.search(text) or _SIGN_IN_WORD.search(text):
        return True
    words = {word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()}
    # The name of a letter begins with its alphabet.
    alphabets = [{unicodedata.name(letter, "").split(" ")[0] for letter in word} for word in words]
    return 2 * sum(len(found & _ALPHABETS) > 1 for found in alphabets) > len(words)


def _separated(text: str) -> tuple[str, list[list[str]]]:
    """The separator that gives the most rows of the header's length, and the rows of a sample.

    csv.Sniffer guesses from the frequency of characters and is wrong with prose in the cells.
    """

    def fit(separator: str) -> tuple[float, float, int]:
        widths = Counter(len(row) for row in sample[separator])
        header = len(sample[separator][0]) if sample[separator] else 0
        rows = max(1, widths.total())
        as_header = widths[header] / rows if header > 1 else 0.0
        # Beneath a title the rows agree with each other alone.
        most, count = widths.most_common(1)[0] if widths else (0, 0)
        alike = count / rows if most > 1 else 0.0
        return (as_header if as_header > 0.5 else 0.0, alike, header)

    sample = {separator: _rows(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=fit)
    return (best if max(fit(best)[:2]) > 0 else ","), sample[best]


def _rows(text: str, separator: str, most: int = _SAMPLE_ROWS) -> list[list[str]]:
    rows: list[list[str]] = []
    sample = io.StringIO(text[:_SAMPLE_BYTES], newline="")
    reader = csv.reader(sample, delimiter=separator, skipinitialspace=True)
    # What is wrong with a row is told when the table is read.
    with contextlib.suppress(csv.Error):
        rows.extend(itertools.islice(filter(None, reader), most + 1))
    return rows


def _has_decimal_commas(rows: list[list[str]]) -> bool:
    """Whether numbers within quotes have a comma as their decimal mark, where it also separates."""
    cells = [cell for row in rows[1:] for cell in row if "," in cell or "." in cell]
    commas, points = (
        sum(mark.fullmatch(cell) is not None for cell in cells)
        for mark in (_DECIMAL_COMMA, _DECIMAL_POINT)
    )
    return commas > points


def _decimal(rows: list[list[str]]) -> str:
    import pandas as pd

    cells = pd.Series([cell for row in rows[1:] for cell in row], dtype=str)
    if cells.empty:
        return "."
    points, commas = (int((~pd.isna(parse_numbers(cells, mark))).sum()) for mark in ".,")
    return "," if commas > points else "."
