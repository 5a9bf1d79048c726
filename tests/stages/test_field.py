"""depthgauge new: inputs as people met them, and what is right of each."""

import io
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from depthgauge.artifacts.raw import prepare_data
from depthgauge.settings.load import load_settings

N = 200
RNG = np.random.default_rng(11)
MEAN, SPREAD = RNG.uniform(0, 10, N).round(3), RNG.normal(0, 3, N).round(3)
SIDE = [("north", "east", "south")[k % 3] for k in range(N)]
OUTCOME = (4 * MEAN + SPREAD + RNG.normal(size=N)).round(3)


def columns(**more):
    return {"mean": MEAN, "spread": SPREAD, "side": SIDE, **more, "outcome": OUTCOME}


def lines(table, separator=","):
    rows = zip(*table.values(), strict=True)
    return [separator.join(table), *(separator.join(map(str, row)) for row in rows)]


def prepared(folder):
    return prepare_data(folder, load_settings(folder))


def comma(number, digits=3):
    return f"{number:.{digits}f}".replace(".", ",")


# --- how a file is written -------------------------------------------------------------------


@pytest.mark.parametrize("digits", [1, 2, 3, 4])
def test_a_decimal_comma_in_quotes_between_commas(new, digits):
    parts = zip(MEAN, SPREAD, SIDE, OUTCOME, strict=True)
    cells = [(comma(m, digits), comma(s, digits), d, comma(o, digits)) for m, s, d, o in parts]
    quoted = "\n".join(
        ["mean,spread,side,outcome", *(f'"{m}","{s}",{d},"{o}"' for m, s, d, o in cells)]
    )
    plain = "\n".join(["mean;spread;side;outcome", *(";".join(row) for row in cells)])
    code, told, folder = new(quoted.encode(), "--target", "outcome", name="quoted.csv")
    assert code == 0, told
    assert "separated by ',', decimal mark ','" in told
    twin = new(plain.encode(), "--target", "outcome", name="plain.csv")[2]
    made, other = prepared(folder), prepared(twin)
    assert made.dataset.input_names[:2] == ("mean", "spread")
    for name in ("inputs", "targets"):
        assert np.array_equal(getattr(made.dataset, name), getattr(other.dataset, name))


def test_thousands_in_quotes_are_no_decimals(new):
    table = [f'"{int(1000 + 900 * k):,}",{m}' for k, m in enumerate(MEAN)]
    code, told, _ = new("\n".join(["y,x", *table]).encode(), "--target", "y")
    assert code == 2
    assert "has separators between its thousands" in told


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_space_behind_the_separator(new, separator):
    joined = f"{separator} "
    rows = [
        joined.join((f"p{k}", str(m), str(s), f'"{d}{separator} coast"', str(o)))
        for k, (m, s, d, o) in enumerate(zip(MEAN, SPREAD, SIDE, OUTCOME, strict=True))
    ]
    text = "\n".join([joined.join(("name", "mean", "spread", '"the side"', "outcome")), *rows])
    code, told, folder = new(text.encode(), "--target", "outcome")
    assert code == 0, told
    assert "inputs: 2 numbers ('mean', 'spread'); 1 category ('the side')" in told
    assert f"the side=east{separator} coast" in prepared(folder).dataset.input_names


def test_a_space_behind_a_quote_is_the_cause_that_is_told(new):
    rows = ['a, "b, c" , 1.5'] * 50
    code, told, _ = new("\n".join(["x, y, z", *rows]).encode(), "--target", "z")
    assert code == 2
    assert "row 2: is no row of a CSV file: ',' expected after '\"'" in told


@pytest.mark.parametrize(
    "end", ["   \n", "\n  \n\n \t \n", "\x1a", "\r\n\x1a\r\n", "\x1a\x1a", " \n\x1a "]
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_what_stands_at_the_end(new, end, encoding):
    table = columns(town=[("Köln", "Genf")[k % 2] for k in range(N)])
    code, told, folder = new(
        ("\n".join(lines(table)) + "\n" + end).encode(encoding), "--target", "outcome"
    )
    assert code == 0, told
    assert f"{N} rows" in told
    assert "town=Köln" in prepared(folder).dataset.input_names


def test_no_header(new):
    flowers = [
        f"{m:.1f},{s:.1f},{d},{k % 2}"
        for k, (m, s, d) in enumerate(zip(MEAN, SPREAD, SIDE, strict=True))
    ]
    first = flowers[7].split(",")
    code, told, _ = new("\n".join([flowers[7], *flowers]).encode(), "--target", first[-1])
    assert code == 0, told
    assert "no header? row 1" in told
    assert "put a line of names above it" in told
    # Where two cells of row 1 are equal.
    code, told, _ = new(
        "\n".join(["1,1,0", *(["1,2,0"] * 50)]).encode(), "--target", "0", name="b.csv"
    )
    assert code == 2
    assert "put a line of names above row 1" in told


@pytest.mark.parametrize("names", [["0", "1", "2"], ["2001", "2002", "2003"], ["x1", "x2", "x3"]])
def test_a_header_of_numbers(new, names):
    table = dict(zip(names, RNG.normal(size=(3, N)).round(2), strict=True))
    code, told, _ = new({**table, "y": OUTCOME}, "--target", "y")
    assert code == 0, told
    assert "no header" not in told


# --- what a cell says ------------------------------------------------------------------------

MARKS = ("?", "None", "-", "..", "#DIV/0!", "#VALUE!", r"\N", ":", "NaN", "n/a", "<NA>", "–", "…")


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("share", [10, 3])
def test_marks_of_missing(new, mark, share):
    marked = [mark if k % share == 0 else value for k, value in enumerate(SPREAD)]
    target = [mark if k % 40 == 0 else value for k, value in enumerate(OUTCOME)]
    code, told, folder = new(columns(spread=marked) | {"outcome": target}, "--target", "outcome")
    assert code == 0, told
    assert f"5 of {N} rows have no target and are left out" in told
    assert "inputs: 2 numbers ('mean', 'spread'); 1 category ('side')" in told
    made = prepared(folder)
    assert made.dropped["rows without a target"] == 5
    assert "spread is missing" in made.dataset.input_names


def test_a_mark_may_be_a_class(new):
    signs = ["+" if k % 2 else "-" for k in range(N)]
    code, told, _ = new(columns(sign=signs), "--target", "sign")
    assert code == 0, told
    assert "2 classes: '-' 100, '+' 100" in told


@pytest.mark.parametrize("minus", ["\u2212", "\u2013", "\uff0d"])
def test_a_typographic_minus(new, minus):
    cells = [f"{value}".replace("-", minus) for value in SPREAD]
    code, told, folder = new(columns(spread=cells), "--target", "outcome")
    assert code == 0, told
    assert load_settings(folder).data.numbers == ["mean", "spread"]
    read = prepared(folder).dataset.inputs[:, 1]
    assert np.array_equal(read, SPREAD.astype(np.float32))


def test_the_true_reason(new):
    brackets = [f"({-value})" if value < 0 else value for value in SPREAD]
    words = ["n.d." if k % 3 else value for k, value in enumerate(SPREAD)]
    code, told, _ = new(columns(a=brackets, b=words), "--target", "outcome")
    assert code == 0, told
    assert "'a' row " in told
    assert "stands in brackets; write what is below 0 as -1.2" in told
    assert "'b' is numbers, but for 133 cells such as 'n.d.' in row 3" in told
    for name, cells, said in (("a", brackets, "stands in brackets"), ("b", words, "is no number")):
        code, told, _ = new(
            columns() | {"outcome": cells}, "--target", "outcome", name=f"{name}.csv"
        )
        assert code == 2
        assert said in told


# --- what a column is for --------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["house_id", "id", "PassengerId", "order no", "Ticket number", "key"]
)
def test_a_column_whose_name_says_id(new, name):
    ids = [3_000_000 + 7919 * (k % 194) for k in RNG.permutation(N)]
    code, told, folder = new(columns() | {name: ids, "outcome": OUTCOME}, "--target", "outcome")
    assert code == 0, told
    assert f"left out: '{name}' is an identifier by its name, of 194 things in 200 rows" in told
    assert f"groups: do rows with the same '{name}' belong together" in told
    assert load_settings(folder).data.numbers == ["mean", "spread"]


@pytest.mark.parametrize("name", ["price_index", "width", "number of rooms", "idle"])
def test_a_column_whose_name_does_not(new, name):
    table = columns() | {name: RNG.integers(0, 9999, N), "outcome": OUTCOME}
    assert name in load_settings(new(table, "--target", "outcome")[2]).data.numbers


def test_phone_numbers(new):
    phones = [f"{200 + k}-{10 + k % 89}-{1000 + k}" for k in range(N)]
    desks = [f"555-{10 + k % 3}-1234" for k in range(N)]
    code, told, folder = new(columns(phone=phones, desk=desks), "--target", "outcome")
    assert code == 0, told
    assert "'phone' is an identifier" in told
    assert "date" not in told
    assert load_settings(folder).data.categories == ["side", "desk"]


def test_days_that_can_be_read_in_two_ways(new):
    days = [f"{1 + k * 5 % 12:02}/{1 + k * 7 % 12:02}/20{10 + k % 9}" for k in range(N)]
    code, told, _ = new(columns(sold=days), "--target", "outcome")
    assert code == 0, told
    assert "left out: 'sold' holds days that can be read in two ways" in told
    assert "write them as 2024-01-31" in told
    code, told, _ = new(columns(sold=days), "--target", "outcome", "--date", "sold", name="b.csv")
    assert code == 2
    assert "can be read in two ways" in told


@pytest.mark.parametrize("code_", [-200, -9.99, -999, 9999, -1])
def test_codes_for_missing(new, code_):
    cells = [code_ if k % 6 == 0 else abs(value) for k, value in enumerate(SPREAD)]
    code, told, folder = new(columns(co=cells), "--target", "outcome")
    assert code == 0, told
    assert f"a code? 'co' is {code_:g} in 34 of 200 rows" in told
    # Taken as it is.
    assert (prepared(folder).dataset.inputs[:, 2] == np.float32(code_)).sum() == 34


def test_what_is_no_code(new):
    zeros = [0 if k % 2 else value for k, value in enumerate(np.abs(SPREAD))]
    signs, tail = RNG.integers(-1, 2, N), np.exp(SPREAD).round(2)
    code, told, _ = new(columns(zeros=zeros, signs=signs, tail=tail), "--target", "outcome")
    assert code == 0, told
    assert "a code?" not in told


def test_classes_that_differ_in_capitals(new):
    won = [("Yes", "no", "YES ", "No")[k % 4] for k in range(N)]
    towns = [("Bonn", "bonn", "Kiel")[k % 3] for k in range(N)]
    code, told, _ = new(columns(won=won, town=towns), "--target", "won")
    assert code == 0, told
    assert "4 classes" in told
    assert "classes of 'won' differ in capitals or spaces alone ('Yes', 'YES'; 'no', 'No')" in told
    assert "values of 'town' differ in capitals or spaces alone ('Bonn', 'bonn')" in told


# --- times -----------------------------------------------------------------------------------


def series(times, **more):
    return {"when": times, "load": (100 + 10 * np.sin(np.arange(len(times)))).round(2), **more}


def test_local_hours_over_a_change_of_the_clock(new, tmp_path):
    hours = pd.date_range("2019-10-01", periods=1000, freq="h", tz="Europe/Berlin")
    table = series(hours, temp=RNG.normal(size=1000).round(2))
    told = new(series([str(t) for t in hours], temp=table["temp"]), "--target", "load")[1]
    assert "series: column 'when' orders 1000 rows" in told
    assert "not used: 'temp'" in told
    file = io.BytesIO()
    pd.DataFrame(table).to_parquet(file)
    code, told, folder = new(file.getvalue(), "--target", "load", name="hours.parquet")
    assert code == 0, told
    assert "series: column 'when' orders 1000 rows" in told
    assert len(set(prepared(folder).dataset.row_names)) > 900


STEPS = (
    ("1 hour", lambda k: f"{datetime(2023, 1, 1) + timedelta(hours=k)}"),
    ("15 minutes", lambda k: f"{datetime(2023, 1, 1) + timedelta(minutes=15 * k):%d.%m.%Y %H:%M}"),
    ("1 week", lambda k: f"{datetime(2000, 1, 3) + timedelta(weeks=k):%Y-%m-%d}"),
    ("1 month", lambda k: f"{1960 + k // 12}M{k % 12 + 1:02}"),
    ("3 months", lambda k: f"{1900 + k // 4}Q{k % 4 + 1}"),
)


@pytest.mark.parametrize(("every", "write"), STEPS)
@pytest.mark.parametrize("hole", ["empty", "gap"])
def test_holes_in_series_that_are_not_daily(new, every, write, hole):
    kept = [k for k in range(400) if hole == "empty" or not 150 <= k < 190]
    table = series([write(k) for k in kept])
    if hole == "empty":
        table["load"] = ["" if k in (101, 102, 250) else v for k, v in enumerate(table["load"])]
    code, told, folder = new(table, "--target", "load")
    assert code == 0, told
    absent, longest = (3, 2) if hole == "empty" else (40, 40)
    assert f"series: column 'when' steps by {every}: 400 steps, {absent} of them absent" in told
    assert f"{longest} together in the longest hole; data.gaps: exclude is chosen" in told
    assert "interpolate (inputs lie on a line across it) and ignore" in told
    data = load_settings(folder).data
    assert (data.gaps, data.every) == ("exclude", every)
    made = prepared(folder)
    # No window crosses a hole: each predicts the time that comes right after its own.
    holes = [k for k in range(400) if k not in kept or (hole == "empty" and k in (101, 102, 250))]
    whole = [
        t for t in range(data.window, 400) if not set(range(t - data.window, t + 1)) & set(holes)
    ]
    assert set(made.dataset.row_names) <= {write(k) for k in whole}
    assert len(made.dataset.row_names) >= len(whole) - data.window


def test_uneven_steps_are_said(new):
    days = [datetime(2020, 1, 1) + timedelta(k) for k in range(500)]
    weekdays = [f"{day:%Y-%m-%d}" for day in days if day.weekday() < 5]
    code, told, _ = new(series(weekdays), "--target", "load", "--kind", "series", "--date", "when")
    assert code == 0, told
    assert "uneven: the longest step is 3 days, where most are 1 days" in told


# --- how many --------------------------------------------------------------------------------


def test_few_rows(new):
    table = {name: cells[:40] for name, cells in columns().items()}
    told = new(table, "--target", "outcome")[1]
    assert "few: 40 rows, of which 20 train: little can be told from so few" in told


def test_many_rows(new):
    x, y = RNG.normal(size=(2, 9000)).round(4)
    told = new({"x": x, "y": y}, "--target", "y")[1]
    assert "a sample: each replicate uses 8,000 of 9,000 rows, 4,000 of them to train" in told


# --- --inputs --------------------------------------------------------------------------------


def test_these_alone_predict(new):
    table = columns(house_id=range(N), other=SPREAD + 1)
    told = new(table, "--target", "outcome", "--inputs", "side", "house_id")
    data = load_settings(told[2]).data
    assert (data.numbers, data.categories) == (["house_id"], ["side"])
    assert "'house_id' is taken as you say, though it is an identifier" in told[1]
    for named, said in (
        (["sode"], "column 'sode' is missing; the nearest is 'side'"),
        (["outcome"], "--inputs 'outcome': is the column of --target"),
    ):
        code, told, _ = new(table, "--target", "outcome", "--inputs", *named, name="b.csv")
        assert code == 2
        assert said in told


def test_the_past_of_these_alone_predicts(new):
    hours = [f"{datetime(2023, 1, 1) + timedelta(hours=k)}" for k in range(400)]
    table = series(hours, temp=RNG.normal(size=400).round(2), wind=RNG.normal(size=400).round(2))
    _, told, folder = new(table, "--target", "load", "--inputs", "temp", "wind")
    assert load_settings(folder).data.inputs == ["temp", "wind"]
    assert "of 'temp', 'wind' the last 28 rows predict the next one" in told
