import hashlib
import os
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes, load_digits

from depthgauge.errors import InputError
from depthgauge.files.contents import read_bytes
from depthgauge.tables.cells import has_sign, parse_numbers
from depthgauge.tables.dates import read_days, read_times
from depthgauge.tables.table import (
    Format,
    drop_absent,
    in_file,
    read_labels,
    read_number_columns,
    read_numbers,
    read_table,
    require_columns,
)

RAW = Path(__file__).parents[2] / "data/raw"


@pytest.fixture
def table_of(tmp_path):
    def write(text):
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table(path)

    return write


def error_of(call, *arguments):
    """The message, which must be one line that a terminal can show."""
    with pytest.raises(InputError) as caught:
        call(*arguments)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 500
    return message


def test_digits_are_those_of_scikit_learn():
    table = read_table(RAW / "digits.csv")
    pixels = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
    assert table.columns == (*pixels, "digit", "writer")
    images, digits = load_digits(return_X_y=True)
    np.testing.assert_array_equal(read_number_columns(table, pixels), images)
    assert read_labels(table, "digit") == tuple(str(digit) for digit in digits)


def test_diabetes_are_those_of_scikit_learn():
    table = read_table(RAW / "diabetes.csv")
    frame = load_diabetes(as_frame=True, scaled=False).frame
    assert table.columns == (*frame.columns[:-1], "progression")
    np.testing.assert_array_equal(read_number_columns(table, table.columns), frame.to_numpy())


def test_pageviews_are_as_described():
    table = read_table(RAW / "pageviews.csv")
    days = read_days(table, "date")
    assert len(days) == 2905
    assert (str(days[0]), str(days[-1])) == ("2007-12-10", "2016-01-20")
    assert np.all(read_numbers(table, "views", positive=True) % 1 == 0)


@pytest.mark.parametrize("name", sorted(path.name for path in RAW.glob("*.csv")))
def test_raw_data_are_never_edited(name):
    digest = hashlib.sha256((RAW / name).read_bytes()).hexdigest()
    assert f"`{digest}`" in (RAW / "README.md").read_text()
    assert read_table(RAW / name).digest == digest


@pytest.mark.parametrize(
    "text",
    [
        "date,views\n2020-01-01,5\n2020-01-02,6\n",
        "date,views\n2020-01-01,5\n2020-01-02,6",
        "\ufeffdate,views\r\n2020-01-01,5\r\n2020-01-02,6\r\n",
        "date,views\r2020-01-01,5\r2020-01-02,6\r",
        ' date , views\n"2020-01-01","5"\n 2020-01-02 , 6\n\n\n',
    ],
)
def test_ways_to_write_the_same_table(table_of, text):
    table = table_of(text)
    assert table.columns == ("date", "views")
    assert read_days(table, "date").tolist() == [date(2020, 1, 1), date(2020, 1, 2)]
    assert read_numbers(table, "views", positive=True).tolist() == [5, 6]


def test_lines_are_those_an_editor_shows(table_of):
    table = table_of('a,b\n\n1,"two\nlines"\n\n2,x\n')
    assert table.lines == (3, 6)
    assert error_of(read_numbers, table, "b", False).startswith(
        f"{table.path}: row 3, column 'b': "
    )


@given(st.lists(st.floats(-1e38, 1e38) | st.integers(-(10**30), 10**30), min_size=1))
def test_numbers_read_back(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("numbers") / "table.csv"
    path.write_text("x,y\n" + "".join(f"{value!r},a\n" for value in values))
    assert read_numbers(read_table(path), "x", positive=False).tolist() == [
        float(v) for v in values
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty; a header and rows below it are needed"),
        ("\ufeff", "is empty; a header and rows below it are needed"),
        ("\n\r\n\n", "is empty; a header and rows below it are needed"),
        ("a,b\n", "has a header and no rows below it"),
        ("a,b", "has a header and no rows below it"),
        ("a,b,a\n1,2,3\n", "row 1: column 'a' occurs 2 times"),
        ("a, a \n1,2\n", "row 1: column 'a' occurs 2 times"),
        ("a,b\n1,2\n3\n", "row 3: has 1 cells; the header has 2"),
        ("a,b\n1,2,\n", "row 2: has 3 cells; the header has 2"),
        ('a,b\n1,2\n3,"4\n5,6\n', "row 3: is no row of a CSV file: unexpected end of data"),
        ('a,b\n"1"x,2\n', "row 2: is no row of a CSV file: ',' expected after '\"'"),
        ("a,b\n1," + "x" * 200_000, "row 2: is no row of a CSV file: field larger than"),
        (b"a,b\n1,2\n\0,4\n", "row 3: holds a NUL byte; save the table as UTF-8 text"),
        ("a,b\n1,2\n".encode("utf-16"), "row 1: holds a NUL byte; save the table as UTF-8 text"),
        (b"a,b\n1,2\n3,\xff\n", "row 3: is not UTF-8; save the table as UTF-8"),
        ("a,b\n1,ä\n".encode("latin-1"), "row 2: is not UTF-8; save the table as UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "is a picture; a table in CSV or Parquet is needed"),
    ],
)
def test_no_table(table_of, tmp_path, text, what):
    assert error_of(table_of, text).startswith(f"{tmp_path / 'table.csv'}: {what}")


def test_no_file(tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    assert error_of(read_table, path) == f"{path}: no such file"
    assert error_of(read_table, tmp_path) == f"{tmp_path}: is a folder; a file is needed"
    assert (
        error_of(read_table, Path("/dev/zero"))
        == "/dev/zero: is a device or pipe; a file is needed"
    )
    os.mkfifo(tmp_path / "pipe")
    assert error_of(read_table, tmp_path / "pipe").endswith("a file is needed")
    (tmp_path / "loop").symlink_to("loop")
    assert "cannot be read: Too many levels" in error_of(read_table, tmp_path / "loop")
    assert "cannot be read: File name too long" in error_of(read_table, tmp_path / ("x" * 5000))
    path.write_text("a\n1\n")
    assert "cannot be read: Not a directory" in error_of(read_table, path / "below")

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert error_of(read_table, path) == f"{path}: cannot be read: Permission denied"


def test_a_path_no_system_can_have():
    with pytest.raises(InputError, match="cannot be read: embedded null"):
        read_bytes(Path("a\0b"))


@pytest.mark.parametrize("name", ["table.csv", "other.csv"])
def test_a_file_is_named_around_the_core(name):
    with pytest.raises(InputError, match=f"^{name}: row 3: wrong$"), in_file(Path(name)):
        raise InputError("row 3: wrong")


@pytest.mark.parametrize(
    ("columns", "missing", "what"),
    [
        ("date,views", "veiws", "the nearest is 'views'; present are 'date', 'views'"),
        ("date,Views", "views", "the nearest is 'Views'; present are 'date', 'Views'"),
        ("date;views", "views", "the nearest is 'date;views'; present are 'date;views'"),
        ("a,b", "label", "present are 'a', 'b'"),
        (
            ",".join(f"p{i}" for i in range(65)),
            "digit",
            "present are " + ", ".join(f"'p{i}'" for i in range(8)) + " and 57 more",
        ),
    ],
)
def test_missing_column(table_of, columns, missing, what):
    table = table_of(columns + "\n" + ",".join("1" * len(columns.split(","))) + "\n")
    expected = f"{table.path}: column {missing!r} is missing; {what}"
    for call, *more in ((read_numbers, False), (read_days,), (read_labels,)):
        assert error_of(call, table, missing, *more) == expected
    assert error_of(require_columns, table, [table.columns[0], missing]) == expected
    assert error_of(read_number_columns, table, [missing]) == expected


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("", "is empty; a number is needed: fill it in, or take the row out"),
        ("  ", "is empty; a number is needed: fill it in, or take the row out"),
        *(
            (cell, f"'{cell}' is not a finite number such as 12.5")
            for cell in (
                *("abc", "nan", "NaN", "NA", "inf", "-Infinity", "٣", "--1"),
                *("0x10", "1e", "e5", ".", "+", "12,5", "1.2.3", "True", "½"),
            )
        ),
        *(
            (
                cell,
                f"'{cell}' has separators between its thousands, or another decimal mark than "
                "data.decimal; write it as 1234.5",
            )
            for cell in ("1_000", "1 000", "1,234", "1.234,5", "-1 234 567.8")
        ),
        ("1e400", "'1e400' is beyond the range of float32"),
        ("-1e39", "'-1e39' is beyond the range of float32"),
        ("x" * 9000, f"'{'x' * 37}...' is not a finite number such as 12.5"),
        ("1\n2", r"'1\n2' is not a finite number such as 12.5"),
        ("\x1b[31m", r"'\x1b[31m' is not a finite number such as 12.5"),
        ("\u202e1", r"'\u202e1' is not a finite number such as 12.5"),
    ],
)
def test_no_number(table_of, cell, what):
    table = table_of(f'a,b\n1,2\n3,"{cell}"\n')
    expected = f"{table.path}: row 3, column 'b': {what}"
    assert error_of(read_numbers, table, "b", False) == expected
    assert error_of(read_number_columns, table, ["a", "b"]) == expected


@pytest.mark.parametrize("cell", ["0", "-0.0", "-3", "1e-400"])
def test_no_logarithm(table_of, cell):
    table = table_of(f"b\n1\n{cell}\n")
    assert read_numbers(table, "b", positive=False)[1] == float(cell)
    assert error_of(read_numbers, table, "b", True) == (
        f"{table.path}: row 3, column 'b': {cell!r} has no logarithm; it must be above 0"
    )


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("", "is empty; a day such as 2024-01-31 is needed"),
        *(
            (cell, f"'{cell}' is no day such as 2024-01-31")
            for cell in (
                *("20200301", "2020-W10-1", "01.03.2020", "3/1/2020", "2020-3-1", "20-03-01"),
                *("2020-03-01T00:00:01", "2020-03-01 12:00", "٢٠٢٠-٠٣-٠١", "2020-03-010", "NaT"),
            )
        ),
        ("2020-02-30", "'2020-02-30' is not in the calendar"),
        ("2021-02-29", "'2021-02-29' is not in the calendar"),
        ("0000-01-01", "'0000-01-01' is not in the calendar"),
        ("2020-02-28", "2020-02-28 is already in row 2; each day may have one row"),
        ("2020-02-27", "2020-02-27 comes after 2020-02-28 in row 2; sort the rows by day"),
        ("x" * 9000, f"'{'x' * 37}...' is no day such as 2024-01-31"),
    ],
)
def test_no_day(table_of, cell, what):
    table = table_of(f"date,v\n2020-02-28,1\n{cell},2\n2020-03-05,3\n")
    assert error_of(read_days, table, "date") == f"{table.path}: row 3, column 'date': {what}"


@given(st.lists(st.dates(), min_size=1, unique=True))
def test_days_read_back(tmp_path_factory, days):
    path = tmp_path_factory.mktemp("days") / "table.csv"
    path.write_text("day,v\n" + "".join(f"{day.isoformat()},1\n" for day in sorted(days)))
    read = read_days(read_table(path), "day")
    assert read.dtype == "datetime64[D]"
    assert read.tolist() == sorted(days)


def test_labels(table_of):
    table = table_of("x,kind\n1, cat\n2,dog \n3,  \n")
    assert read_labels(table, "x") == ("1", "2", "3")
    assert error_of(read_labels, table, "kind") == (
        f"{table.path}: row 4, column 'kind': is empty; a value is needed"
    )


@given(st.binary(max_size=60))
def test_any_bytes_are_a_table_or_one_plain_line(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("bytes") / "table.csv"
    path.write_bytes(data)
    message, table = "", None
    try:
        table = read_table(path)
    except InputError as error:
        message = str(error)
    if table is None:
        assert message.startswith(f"{path}: ")
        assert message.isprintable()
    else:
        assert all(len(cells) == len(table.lines) > 0 for cells in table.cells.values())


def test_another_format(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes("größe;n\n1,5;2\n-3;1.5\n".encode("utf-16"))
    table = read_table(path, Format(";", "utf-16", ","))
    assert read_numbers(table, "größe", False).tolist() == [1.5, -3]
    assert error_of(read_numbers, table, "n", False) == (
        f"{path}: row 3, column 'n': '1.5' is not a finite number such as 12,5"
    )
    path.write_bytes(b"PK\x03\x04rest")
    assert "save the sheet as CSV" in error_of(read_table, path)


def test_missing_cells(table_of):
    table = table_of("x,c\n1,a\nNA,\n ?,?\n,NA\n")
    assert str(read_numbers(table, "x", False, missing=True).tolist()) == "[1.0, nan, nan, nan]"
    assert read_labels(table, "c", missing=True) == ("a", "", "?", "NA")
    message = error_of(read_labels, table, "c")
    assert message.endswith("row 3, column 'c': is empty; a value is needed")
    assert error_of(read_numbers, table_of("x\n1\nabc\n"), "x", False, True).endswith(
        "such as 12.5"
    )


def test_times(table_of):
    table = table_of("t,d,bad\n3,2020-01-02 10:00,2020-01-01\n1.5,2020-01-01,1.2.2020\n")
    assert read_times(table, "t").tolist() == [3, 1.5]
    assert np.argsort(read_times(table, "d")).tolist() == [1, 0]
    assert error_of(read_times, table, "bad").endswith(
        "is neither a number nor a day such as 2024-01-31"
    )


def test_rows_with_a_value(table_of):
    table = table_of("a,b\n1,x\nNA,y\n\n3,\n4,none\n")
    kept, without = drop_absent(table, ["a", "b"])
    assert without == 2
    assert list(kept.lines) == [2, 6]
    assert list(kept.cells["b"]) == ["x", "none"]
    assert drop_absent(kept, ["b"]) == (kept, 0)
    with pytest.raises(InputError, match="column 'a': is empty in every row"):
        drop_absent(table_of("a,b\n,1\nn/a,2\n"), ["a"])


@pytest.mark.parametrize(
    "cell", ["$5", "$1,234.50", "€ 7", "-$3", "5%", "5,5 %", "10 €", "1.234,5€"]
)
def test_a_number_with_a_sign(table_of, cell):
    table = table_of(f'a,b\n"{cell}",1\n')
    assert has_sign(table.cells["a"])[0]
    with pytest.raises(InputError, match="has a sign beside its number; write the number alone"):
        read_numbers(table, "a", False)


@pytest.mark.parametrize("cell", ["5", "$", "%", "a5%", "$5%", "5 km", ""])
def test_no_number_with_a_sign(table_of, cell):
    assert not has_sign(table_of(f"a,b\n{cell},1\n").cells["a"])[0]


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("others", [["1", "2"], ["1", "no number"]])
def test_a_whole_number_of_hundreds_of_digits_is_beyond_a_double(decimal, others):
    cells = pd.Series([*others, f"1{400 * '0'}", f"-{400 * '9'}", f"1{300 * '0'}"], dtype=str)
    *rest, high, low, large = parse_numbers(cells, decimal)
    assert (rest[0], high, low, large) == (1, np.inf, -np.inf, 1e300)
    assert rest[1] == 2 or np.isnan(rest[1])
