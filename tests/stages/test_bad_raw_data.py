"""What check and prepare say of raw data that cannot be used; nothing may change."""

import pytest

from tests.experiment import new_experiment

TABLE = "data/raw/table.csv"


def cell(row, column, value):
    """Puts a value into a cell; rows as an editor numbers them."""

    def change(text):
        lines = text.split("\n")
        cells = lines[row - 1].split(",")
        cells[column] = value
        lines[row - 1] = ",".join(cells)
        return "\n".join(lines)

    return change


def first(rows):
    return lambda text: "".join(text.splitlines(keepends=True)[:rows])


def constant(column, value):
    def change(text):
        lines = text.splitlines()
        rows = [line.split(",") for line in lines[1:]]
        for row in rows:
            row[column] = value
        return "\n".join([lines[0], *(",".join(row) for row in rows)]) + "\n"

    return change


SERIES = [
    (lambda _: "", "is empty"),
    (lambda _: "day,count\n", "has a header and no rows"),
    (lambda text: text.replace("count", "counts"), "column 'count' is missing; the nearest is"),
    (lambda text: text.replace("day", "date"), "column 'day' is missing"),
    (cell(9, 1, "many"), "row 9, column 'count': 'many' is not a finite number"),
    (cell(9, 1, "x?"), "row 9, column 'count': 'x?' is not a finite number"),
    (cell(9, 1, "inf"), "row 9, column 'count': 'inf' is not a finite number"),
    (cell(9, 1, "1e39"), "row 9, column 'count': '1e39' is beyond the range"),
    (cell(9, 1, "0"), "row 9, column 'count': '0' has no logarithm"),
    (cell(9, 1, "-4"), "row 9, column 'count': '-4' has no logarithm"),
    (cell(9, 0, "2020-02-31"), "row 9, column 'day': '2020-02-31' is not in the calendar"),
    (cell(9, 0, "8.1.2020"), "row 9, column 'day': '8.1.2020' is no day"),
    (cell(9, 0, "2020-01-07"), "row 9, column 'day': 2020-01-07 is already in row 8"),
    (cell(9, 0, ""), "row 9, column 'day': is empty"),
    (cell(9, 1, "1,2"), "row 9: has 3 cells; the header has 2"),
    (
        first(20),
        "window 4, horizon 1, steps 1, validation_days 12 and test_days 14 need 31 days at least",
    ),
    (constant(1, "7"), "all training values are the same"),
    (lambda text: b"\xff\xfe" + text.encode("utf-16-le"), "row 1: holds a NUL byte"),
    (lambda text: text.encode() + b"\x80,1\n", "row 70: is not UTF-8"),
]
IMAGES = [
    (lambda _: "", "is empty"),
    (lambda _: "p0,label\n", "has a header and no rows"),
    (lambda text: text.replace("label", "lable"), "column 'label' is missing; the nearest is"),
    (cell(5, 2, "dark"), "row 5, column 'p2': 'dark' is not a finite number"),
    (cell(5, 2, "nan"), "row 5, column 'p2': 'nan' is not a finite number"),
    (cell(5, 2, "-inf"), "row 5, column 'p2': '-inf' is not a finite number"),
    (cell(5, 4, " "), "row 5, column 'label': is empty"),
    (first(50), "train 30 + validation 12 + test 18 = 60 examples are asked for; there are 49"),
    (lambda _: "label\n" + "a\nb\n" * 40, "no input columns"),
    (constant(4, "a"), "only class 'a'"),
    (cell(5, 4, "rare"), "is of class 'rare'; use more of them"),
    (
        lambda text: "p0,label\n" + "".join(f"5,{'ab'[k % 2]}\n" for k in range(80)),
        "all training values are the same",
    ),
    (lambda _: b"\x89PNG\r\n\x1a\n\0\0", "is a picture; a table in CSV or Parquet"),
    (lambda _: b"a,b\n1,2\n\0,3\n", "row 3: holds a NUL byte"),
]
TABLE_CASES = [
    (lambda text: text.replace("price", "prize"), "column 'price' is missing; the nearest is"),
    (cell(9, 0, "big"), "row 9, column 'area': 'big' is not a finite number"),
    (cell(9, 3, "x?"), "row 9, column 'price': 'x?' is not a finite number"),
    (cell(9, 3, ""), "= 60 examples are asked for; there are 59"),
    (constant(3, "7"), "all target values are the same"),
    (constant(1, ""), "column 'age': is empty in every row"),
    (first(50), "train 30 + validation 12 + test 18 = 60 examples are asked for; there are 49"),
]


def sequence(walk, column, value):
    """Puts a value into all rows of a sequence."""

    def change(text):
        lines = [line.split(",") for line in text.splitlines()]
        for cells in lines:
            if cells[0] == walk:
                cells[column] = value
        return "\n".join(",".join(cells) for cells in lines) + "\n"

    return change


def twice(text):
    """The first row once more at the end."""
    return text + text.splitlines()[1] + "\n"


SEQUENCES = [
    (lambda text: text.replace("minute", "second"), "column 'minute' is missing; present are"),
    (cell(9, 2, "fast"), "row 9, column 'speed': 'fast' is not a finite number"),
    (cell(9, 1, "soon"), "row 9, column 'minute': 'soon' is"),
    (cell(9, 0, ""), "row 9, column 'walk': is empty; a value is needed"),
    (cell(9, 5, "1"), "; a sequence has one value there (walk 'w"),
    (twice, "is already in row 2; a sequence may have each step once (walk 'w"),
    (sequence("w7", 5, ""), "= 60 examples are asked for; there are 59"),
    (sequence("w7", 5, "much"), "column 'effort': 'much' is not a finite number"),
    (constant(5, ""), "column 'effort': no sequence has a target"),
    (constant(3, ""), "column 'pulse': is empty in every row"),
    (constant(5, "7"), "all target values are the same"),
    (lambda _: "@problemName x\n@data\n1,2:3,x:4\n", "row 3: channel 2, step 2: 'x' is no number"),
]
CASES = [
    *(pytest.param("sequences", change, what, id=f"seq. {what}") for change, what in SEQUENCES),
    *(pytest.param("table", change, what, id=f"table {what}") for change, what in TABLE_CASES),
    *(pytest.param("series", change, what, id=f"series {what}") for change, what in SERIES),
    *(pytest.param("images", change, what, id=f"images {what}") for change, what in IMAGES),
]


@pytest.mark.parametrize("stage", ["check", "prepare"])
@pytest.mark.parametrize(("kind", "change", "what"), CASES)
def test_bad_table(copy_of, refused, stage, kind, change, what):
    experiment = copy_of(kind)
    experiment.edit_raw(change)
    message = refused(experiment, stage)
    assert message.startswith(f"{TABLE}: ")
    assert what in message


@pytest.mark.parametrize("stage", ["check", "prepare"])
def test_no_table(experiment, refused, stage):
    experiment.raw.unlink()
    assert refused(experiment, stage) == f"{TABLE}: no such file"
    experiment.raw.mkdir()
    assert refused(experiment, stage) == f"{TABLE}: is a folder; a file is needed"
    experiment.set("data.path", "")
    assert "is a folder; a file is needed" in refused(experiment, stage)


@pytest.mark.parametrize("stage", ["check", "prepare"])
def test_gaps_everywhere(tmp_path, refused, stage):
    experiment = new_experiment(tmp_path, "series")

    def every_third_day_absent(text):
        lines = text.splitlines(keepends=True)
        return "".join(line for k, line in enumerate(lines) if k % 3 != 2)

    experiment.edit_raw(every_third_day_absent)
    message = refused(experiment, stage)
    assert "no window of consecutive days predicts a day of this period" in message
    experiment.set("data.gaps", "interpolate")
    assert experiment.run(stage) == 0
