"""depthgauge new: tables as strangers have them."""

import configparser
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from depthgauge.artifacts.raw import prepare_data
from depthgauge.settings.load import load_settings
from tests.experiment import Experiment, snapshot

ROOT = Path(__file__).parents[2]
RNG = np.random.default_rng(4)
N = 120
X = RNG.normal(size=N).round(3)
PRICE = (2 * X + RNG.normal(size=N)).round(3)


def houses(**more):
    towns = ["north", "south", "west"]
    return {"x": X, "town": [towns[k % 3] for k in range(N)], **more, "price": PRICE}


def test_an_experiment_that_runs(new, repository):
    code, told, folder = new(houses(), "--target", "price")
    assert code == 0
    assert "inputs: 1 number ('x'); 1 category ('town')" in told
    assert (folder / "data/raw/mine.csv").read_bytes() == (
        repository.parent / "mine.csv"
    ).read_bytes()
    assert not (folder / "dvc.yaml").is_symlink()
    assert (folder / "dvc.yaml").read_bytes() == (repository / "dvc.yaml").read_bytes()
    assert [p.name for p in (repository / "experiments").iterdir()] == ["mine"]
    experiment = Experiment(folder, {"points": [0, 1], "axis": "depth"})
    text = (folder / "params.yaml").read_text()
    for old, few in (
        ("points: [0, 1, 2, 3, 4, 5, 6]", "points: [0, 1]"),
        ("epochs: 100", "epochs: 2"),
        ("replicates: 40", "replicates: 2"),
        ("  studies: 4", "  studies: 1"),
        ("  replicates: 5", "  replicates: 2"),
        ("resamples: 10000", "resamples: 1000"),
    ):
        assert old in text
        text = text.replace(old, few)
    (folder / "params.yaml").write_text(text)
    assert experiment.run("check") == 0
    experiment.repro()
    assert (folder / "results/answer.txt").exists()


@pytest.mark.parametrize(
    "content", [None, b"", b": [", b"- a\n", b"a: 1\n", b"\xff\xfe\0", "folder"]
)
def test_the_settings_of_the_repository_itself_are_not_asked(new, repository, content):
    code, _, folder = new(houses(), "--target", "price", "--name", "else")
    assert code == 0
    whole = (repository / "experiments/else/params.yaml").read_text()
    (repository / "params.yaml").unlink()
    if content == "folder":
        (repository / "params.yaml").mkdir()
    elif content is not None:
        (repository / "params.yaml").write_bytes(content)
    code, _, folder = new(houses(), "--target", "price")
    assert code == 0
    text = (folder / "params.yaml").read_text()
    assert text.replace("mine", "else") == whole.replace("mine", "else")


def test_without_git_the_next_step_is_to_make_it(new, repository):
    code, told, _ = new(houses(), "--target", "price")
    assert code == 0
    assert "git init" not in told
    shutil.rmtree(repository / ".git")
    code, told, _ = new(houses(), "--target", "price", "--name", "other")
    assert code == 0
    assert f"next: git init {repository}      (DVC needs it)\n      " in told


def test_columns_that_are_left_out(new):
    code, told, folder = new(
        houses(
            id=range(N),
            same=["EUR"] * N,
            cents=(PRICE * 100).round(),
            name=[f"Mr {k}" for k in range(N)],
            sold=[f"{1 + k % 28}.3.2020" for k in range(N)],
            empty=[""] * N,
            age=["" if k % 9 == 0 else k % 40 for k in range(N)],
        ),
        "--target",
        "price",
    )
    assert code == 0
    for name, why in (
        ("id", "is an identifier"),
        ("same", "is constant: 'EUR'"),
        ("cents", "has a correlation above 0.999 with the target"),
        ("name", "is free text"),
        ("sold", "holds dates"),
        ("empty", "is empty"),
    ):
        assert f"left out: '{name}' {why}" in told
        assert "# " + f"  '{name}' {why}" in (folder / "params.yaml").read_text()
    assert "missing: 'age' 14 (12%)" in told
    data = load_settings(folder).data
    assert (data.numbers, data.categories, data.missing) == (["x", "age"], ["town"], "mean")


def test_numbers_that_are_none(new):
    post = [f"{(k * 7919) % 90000 + 1067:05d}" for k in range(N)]
    code, told, folder = new(
        houses(
            post=post,
            district=[f"0{k % 7}" for k in range(N)],
            customerID=[5000 + 3 * (k % 30) for k in range(N)],
            share=[f"{k * 0.7:.1f}%" for k in range(N)],
            day=[20240100 + k % 31 + 1 for k in range(N)],
            fine=[10**8 + k % 50 for k in range(N)],
        ),
        "--target",
        "price",
    )
    assert code == 0, told
    for name, why in (
        ("post", "is an identifier"),
        ("customerID", "is an identifier by its name, of 30 things"),
        ("share", "row 2: '0.0%' has a sign beside its number"),
        ("day", "holds dates"),
        ("fine", "varies less than float32 can tell"),
    ):
        assert f"left out: '{name}' {why}" in told
    assert "groups: do rows with the same 'customerID' belong together" in told
    data = load_settings(folder).data
    assert (data.numbers, data.categories) == (["x"], ["town", "district"])


@pytest.mark.parametrize("labels", [PRICE, ["a", "b"] * (N // 2)])
def test_rows_without_a_target_are_left_out(new, labels):
    table = houses() | {"price": ["", "NA", *labels[2:]]}
    code, told, folder = new(table, "--target", "price")
    assert code == 0, told
    assert f"2 of {N} rows have no target and are left out" in told
    settings = load_settings(folder)
    made = prepare_data(folder, settings)
    assert made.dropped["rows without a target"] == 2
    # Called by their lines in the file, where the first rows are lines 2 and 3.
    assert made.dataset.row_names == tuple(str(line) for line in range(4, N + 2))
    assert len(made.dataset.classes) in (0, 2)


def test_the_index_that_pandas_writes(new):
    table = houses()
    lines = [f",{','.join(table)}"]
    lines += [
        f"{k},{','.join(map(str, row))}" for k, row in enumerate(zip(*table.values(), strict=True))
    ]
    code, told, folder = new("\n".join(lines).encode(), "--target", "price")
    assert code == 0
    assert "left out: 'column 1' is an identifier" in told
    assert load_settings(folder).data.numbers == ["x"]


@pytest.mark.parametrize("values", [("yes", "no"), ("0", "1"), ("a", "b", "c"), ("1", "2", "3")])
def test_classes(new, values):
    target = [values[k % len(values)] for k in range(N)]
    code, told, folder = new(houses(kind=target), "--target", "kind")
    assert code == 0
    assert f"{len(values)} classes" in told
    settings = load_settings(folder)
    assert (settings.data.task, settings.data.split.by) == ("classification", "stratified")
    assert settings.recipe.loss.name == "cross_entropy"


def test_odd_headers_and_another_format(new):
    header = "größe: \"m²\";# no;null;{a: [b]};'quoted';price €"
    lines = [header.replace('"m²"', "m²")]
    for k in range(N):
        lines.append(";".join([*(f"{X[k] + j:.2f}".replace(".", ",") for j in range(5)), f"{k},5"]))
    code, told, folder = new("\r\n".join(lines).encode("cp1252"), "--target", "price €")
    assert code == 0, told
    data = load_settings(folder).data
    assert (data.separator, data.encoding, data.decimal) == (";", "cp1252", ",")
    assert data.numbers == ["größe: m²", "# no", "null", "{a: [b]}", "'quoted'"]


def test_a_daily_series(new):
    days = np.datetime64("2020-01-01") + np.arange(N)
    table = {"day": days, "views": RNG.poisson(50, N) + 1, "price": PRICE}
    code, told, folder = new(table, "--target", "views")
    assert code == 0
    assert "series: column 'day' has a day a row" in told
    assert load_settings(folder).data.inputs == ["views"]
    code, told, folder = new(
        table, "--target", "views", "--kind", "table", "--date", "day", name="rows.csv"
    )
    assert code == 0
    assert load_settings(folder).data.split.by == "time"


def test_a_parquet_file(new, tmp_path):
    pd.DataFrame(houses()).to_parquet(tmp_path / "source")
    code, _, folder = new((tmp_path / "source").read_bytes(), "--target", "price", name="t.parquet")
    assert code == 0
    assert load_settings(folder).data.numbers == ["x"]


REFUSED = [
    (b"", [], "is empty; a header and rows"),
    (b"a,price\n", [], "has a header and no rows"),
    (b"a,a,price\n" + b"1,2,3\n" * 50, [], "column 'a' occurs 2 times"),
    (b"price\n" + b"1\n2\n" * 50, [], "has the column 'price' alone"),
    (b"a,price\n1,2\n2,3\n", [], "has 2 rows; 40 are needed"),
    (b"a,price\n" + b"1,7\n" * 50, [], "column 'price': is '7' in every row"),
    (b"a,prize\n" + b"1,7\n" * 50, [], "column 'price' is missing; the nearest is 'prize'"),
    (houses() | {"price": [""] * N}, [], "column 'price': is empty in every row"),
    (houses() | {"price": [f"${p}" for p in PRICE**2]}, [], "has a sign beside its number; write"),
    (houses() | {"price": [f'"{k},123.5"' for k in range(1, N + 1)]}, [], "separators between its"),
    (houses() | {"price": ["inf", *PRICE[1:]]}, [], "row 2, column 'price': 'inf' is no number"),
    (houses() | {"price": [f"text {k}" for k in range(N)]}, [], "120 different texts are too many"),
    (houses(), ["--task", "classification"], "are too many classes (at most 50); use --task regr"),
    (houses() | {"price": ["a", "b", "c"] + ["a", "b"] * 58 + ["a"]}, [], "class 'c' has 1 row;"),
    (houses() | {"price": ["a", "b"] * 60}, ["--task", "regression"], "'a' is no number"),
    (houses(), ["--kind", "series"], "no column has another day such as 2024-01-31"),
    (houses(), ["--date", "x1"], "column 'x1' is missing"),
    (houses(), ["--name", "../up"], "must be letters, digits"),
    (houses(), ["--name", "taken"], "is there already; choose another name with --name"),
    ({"same": [1] * N, "price": PRICE}, [], "no column is left as an input: 'same' is constant"),
]


@pytest.mark.parametrize(("table", "more", "what"), REFUSED, ids=[what for *_, what in REFUSED])
def test_refused_and_nothing_written(new, repository, table, more, what):
    (repository / "experiments/taken").mkdir(parents=True)
    (repository / "experiments/taken/mine").write_text("precious")
    before = snapshot(repository)
    code, told, _ = new(table, "--target", "price", *more)
    assert code == 2
    assert told.startswith("depthgauge: ")
    assert told.count("\n") == 1
    assert what in told
    assert snapshot(repository) == before
    assert [p.name for p in (repository / "experiments").iterdir()] == ["taken"]


def test_no_target_lists_the_columns(new):
    code, told, _ = new(houses())
    assert code == 2
    assert "name the column to predict with --target; there are 'x', 'town', 'price'" in told


@pytest.mark.parametrize(
    "damaged", [None, b"", b"\xff\xfe", b"axis: [", b"recipe: 3\n", b"- a list\n", "a folder"]
)
def test_the_settings_at_the_root_do_not_matter(new, repository, damaged):
    (repository / "params.yaml").unlink()
    if damaged == "a folder":
        (repository / "params.yaml").mkdir()
    elif damaged is not None:
        (repository / "params.yaml").write_bytes(damaged)
    code, told, folder = new(houses(), "--target", "price")
    assert code == 0, told
    assert load_settings(folder).data.numbers == ["x"]


def test_dvc_finds_the_cache_and_the_page_of_the_root(new, repository):
    _, _, folder = new(houses(), "--target", "price")
    for at in (folder, *sorted((ROOT / "experiments").glob("*/"))):
        config = configparser.ConfigParser()
        config.read_string((at / ".dvc/config").read_text().replace("\n    ", "\n"))
        root = repository if at == folder else ROOT
        assert (at / ".dvc" / config["cache"]["dir"]).resolve() == root.resolve() / ".dvc/cache"
        page = (at / ".dvc" / config["plots"]["html_template"]).resolve()
        assert page == root.resolve() / ".dvc/plots/page.html"


@pytest.mark.parametrize("name", [".dvc/config", ".dvc/.gitignore"])
def test_a_damaged_repository_gets_one_line(new, repository, name):
    (repository / name).unlink()
    code, told, folder = new(houses(), "--target", "price")
    assert code == 2
    assert told.startswith("depthgauge: ")
    assert told.count("\n") == 1
    assert not folder.exists()
    (repository / name).mkdir()
    assert new(houses(), "--target", "price")[0] == 2


def test_the_same_table_gives_the_same_bytes(new, repository):
    _, _, folder = new(houses(), "--target", "price")
    first = (folder / "params.yaml").read_bytes()
    shutil.rmtree(folder)
    new(houses(), "--target", "price")
    assert (folder / "params.yaml").read_bytes() == first


def test_days_in_another_order_are_a_series(new):
    lines = [
        f"{1 + k % 28:02}.{1 + k // 28 % 12:02}.{2000 + k // 336};{k % 7},5" for k in range(400)
    ]
    code, told, _ = new(("Tag;Umsatz\n" + "\n".join(lines)).encode(), "--target", "Umsatz")
    assert code == 0, told
    assert "series: column 'Tag' has a day a row" in told


def series(when, name="when"):
    values = np.sin(np.arange(len(when))) + 5
    lines = [f"{moment},{value:.3f}" for moment, value in zip(when, values, strict=True)]
    return "\n".join([f"{name},v", *lines]).encode()


@pytest.mark.parametrize("every", ["W", "MS", "QS", "YS", "h", "15min"])
def test_even_steps_are_a_series_of_rows(new, every):
    when = [str(moment) for moment in pd.date_range("1800-01-05", periods=N, freq=every)]
    code, told, folder = new(series(when), "--target", "v")
    assert code == 0, told
    assert f"series: column 'when' orders {N} rows, each a step" in told
    settings = load_settings(folder)
    assert settings.data.gaps == "ignore"
    made = prepare_data(folder, settings).dataset
    # The first window of 14 rows predicts the row after it, and each row is called by its time.
    assert made.row_names == tuple(when[14:])


def test_the_order_of_the_rows_does_not_matter(new):
    when = np.datetime64("2020-01-01") + np.arange(N)
    _, _, folder = new(series(when), "--target", "v")
    lines = series(when).decode().splitlines()
    mixed = [lines[0], *(lines[1 + row] for row in RNG.permutation(N))]
    code, told, other = new("\n".join(mixed).encode(), "--target", "v", name="mixed.csv")
    assert code == 0, told
    one, two = (prepare_data(f, load_settings(f)).dataset for f in (folder, other))
    np.testing.assert_array_equal(one.inputs, two.inputs)
    assert one.row_names == two.row_names


def test_a_day_without_a_value_is_absent(new):
    when = np.datetime64("2020-01-01") + np.arange(N)
    lines = series(when).decode().splitlines()
    lines[30] = f"{when[29]},NA"
    code, told, folder = new("\n".join(lines).encode(), "--target", "v")
    assert code == 0, told
    assert f"{N} days, 1 of them absent" in told
    del lines[30]
    _, _, other = new("\n".join(lines).encode(), "--target", "v", name="without.csv")
    one, two = (prepare_data(f, load_settings(f)) for f in (folder, other))
    np.testing.assert_array_equal(one.dataset.inputs, two.dataset.inputs)
    assert one.dropped == two.dropped


def test_uneven_steps_are_a_series_when_asked_for(new):
    trading = [str(day) for day in pd.date_range("2020-01-01", periods=N, freq="B").date]
    code, told, _ = new(series(trading), "--target", "v")
    assert code == 2
    assert "--kind series --date 'when' takes a row as a step in time" in told
    asked = ("--target", "v", "--kind", "series")
    code, told, folder = new(series(trading), *asked)
    assert code == 0, told
    assert len(prepare_data(folder, load_settings(folder)).dataset.row_names) == N - 14
    assert new(series(range(1700, 1700 + N), "YEAR"), *asked, name="years.csv")[0] == 0
    twice = [*trading[:-1], trading[0]]
    code, told, _ = new(series(twice), *asked, "--date", "when", name="twice.csv")
    assert code == 2
    assert "row 121, column 'when': '2020-01-01' is already in row 2" in told


def test_classes_in_daily_rows_are_a_table(new):
    when = np.datetime64("2020-01-01") + np.arange(N)
    for labels in (["wet", "dry"], [0, 1]):
        code, told, folder = new(
            {"day": when, "x": X, "kind": labels * (N // 2)}, "--target", "kind"
        )
        assert code == 0, told
        assert load_settings(folder).data.task == "classification"
        shutil.rmtree(folder)


def test_a_column_of_words_beside_pixels_names_groups(new):
    images = {f"p{k}": [(row * 7 + k * 3) % 16 for row in range(N)] for k in range(4)}
    labels, writers = [row % 3 for row in range(N)], [f"w{row // 10}" for row in range(N)]
    columns = {**images, "digit": labels, "writer": writers}
    code, told, folder = new(columns, "--target", "digit", "--kind", "images")
    assert code == 0, told
    assert "groups: 'writer' holds no numbers: its rows are taken to belong together" in told
    assert "inputs: 4 pixels" in told
    assert load_settings(folder).data.group == "writer"


@pytest.mark.parametrize("cell", ["1e309", "-1e309", "1e-400"])
@pytest.mark.parametrize("column", ["x", "price"])
@pytest.mark.parametrize("few", [False, True])
def test_a_number_beyond_the_range_of_a_double_is_told_in_one_line(new, recwarn, cell, column, few):
    columns = houses(few=[k % 3 for k in range(N)], step=range(N))
    if few:
        columns["price"] = [k % 4 + 0.0 for k in range(N)]
    columns[column] = [cell, *columns[column][1:]]
    for kind in (None, "table", "series", "sequences", "images"):
        more = ["--kind", kind] if kind else []
        code, told, _ = new(columns, "--target", "price", *more, "--name", f"of-{kind}")
        lines = [line for line in told.splitlines() if line.startswith("depthgauge: ")]
        assert len(lines) == (code == 2)
    assert not recwarn.list


def test_a_refusal_by_the_last_check_leaves_no_folder(new, repository):
    pixels = {f"p{k}": [k] * N for k in range(3)}
    code, told, _ = new(
        pixels | {"p0": ["1e309"] + [0] * (N - 1), "label": ["a", "b"] * (N // 2)},
        *("--target", "label", "--kind", "images"),
    )
    assert code == 2
    assert told.count("\n") == 1
    assert not (repository / "experiments").exists()


@pytest.mark.parametrize(
    ("name", "expected"), [("Größe Köln.csv", "grosse-koln"), ("данные.csv", "experiment")]
)
def test_a_file_whose_name_has_other_letters(new, repository, name, expected):
    code, told, _ = new(houses(), "--target", "price", name=name)
    assert code == 0, told
    folder = repository / "experiments" / expected
    assert load_settings(folder).experiment == expected
    assert re.search(rf"its copy of the file is .*{expected}/data/raw/\w+\.csv\n", told)


def test_advice_on_a_number_has_the_decimal_mark_of_the_file(new):
    rows = [f'"{k % 7},5";"1.{k:03d},5";"({k},5)";"{k},5"' for k in range(N)]
    content = "\n".join(["x;much;bracketed;price", *rows]).encode()
    code, told, _ = new(content, "--target", "price", "--kind", "table")
    assert code == 0, told
    assert "write it as 1234,5 to use the column" in told
    assert "write what is below 0 as -1,2 to use the column" in told
    code, told, _ = new(content, "--target", "much", name="other.csv")
    assert code == 2
    assert told.endswith("write it as 1234,5\n")


def test_no_name_reaches_a_terminal_raw(new):
    columns = houses(**{"who\x1b[31m": [f"w{k // 2}" for k in range(N)]})
    code, told, _ = new(columns, "--target", "price", "--kind", "table")
    assert code == 0
    assert 'put data.group: "who\\u001b[31m", the unit' in told
    assert "\x1b" not in told
