import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest

from depthgauge.errors import InputError
from depthgauge.tables.no_table import check_beginning


def _zip() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    return sink.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (_zip(), "a workbook or an archive; save the sheet as CSV"),
        (gzip.compress(b"a"), "compressed; unpack it"),
        (lzma.compress(b"a"), "compressed; unpack it"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b'{"a": [1, 2]}', "JSON"),
        (b'\xef\xbb\xbf[\n  {"a": 1}]', "JSON"),
        (b"\n<!DOCTYPE HTML><html>", "HTML"),
        (b"SQLite format 3\x00", "a database"),
    ],
)
def test_other_files_are_called_by_their_name(data, what):
    with pytest.raises(InputError, match=f"^x.csv: is {what}"):
        check_beginning(Path("x.csv"), data)


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n", b"[x],{y}\n", b"{a: [b]},c\n", b"<5,>5\n", b"PK,b\n"]
)
def test_tables_are_none_of_them(data):
    check_beginning(Path("x.csv"), data)
