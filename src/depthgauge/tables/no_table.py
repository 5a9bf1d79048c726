"""What a file is that cannot be a table, from its first bytes."""

import re
from pathlib import Path

from depthgauge.errors import InputError

_PICTURE = "a picture; a table in CSV or Parquet is needed"
# What such files begin with, what they are and what to do.
_BEGINNINGS = (
    (rb"PK\x03\x04", "a workbook or an archive; save the sheet as CSV, or unpack the archive"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook; save the sheet as CSV"),
    (rb"\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ\x00|\x28\xb5\x2f\xfd", "compressed; unpack it"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a", _PICTURE),
    (rb"%PDF-", "a PDF; save the table in it as CSV"),
    (rb"SQLite format 3\x00", "a database; save a table of it as CSV"),
    (rb"\x89HDF|ARROW1|FEA1", "of another kind; save the table as CSV or Parquet"),
    (rb"\s*(\{\s*\"|\[\s*[\[{])", "JSON; save the table as CSV or Parquet"),
    (rb"\s*<(\?xml|!doctype|html|table)", "HTML or XML; save the table as CSV"),
)


def check_beginning(path: Path, data: bytes) -> None:
    """Raises InputError for the bytes of a workbook, an archive, a picture and the like."""
    first = data[:256].removeprefix(b"\xef\xbb\xbf")
    for beginning, what in _BEGINNINGS:
        if re.match(beginning, first, re.IGNORECASE if b"<" in beginning else 0):
            raise InputError(f"{path}: is {what}")
