"""depthgauge new: long tables and .ts files as strangers have them."""

import shutil

import numpy as np
import pytest

from depthgauge.artifacts.raw import prepare_data
from depthgauge.settings.load import load_settings
from tests.experiment import Experiment


def walks(count=60, **more):
    """A long table with rows in any order, of 2 to 5 rows for each of so many walks."""
    lengths = [2 + k % 4 for k in range(count)]
    walk, second = np.repeat(np.arange(count), lengths), np.concatenate([*map(np.arange, lengths)])
    rng = np.random.default_rng(3)
    columns = {
        "walk": walk,
        "second": second / 10,
        "speed": rng.normal(size=len(walk)),
        "ground": rng.choice(["hard", "soft"], len(walk)),
        "person": [f"p{k % 10}" for k in walk],
        "age": walk % 30,
        **{name: make(walk, second) for name, make in more.items()},
        "limps": [["no", "yes"][k // 2 % 2] for k in walk],
    }
    rows = rng.permutation(len(walk))
    return {name: np.asarray(column)[rows] for name, column in columns.items()}


def test_a_long_table_is_one_of_sequences(new):
    code, told, folder = new(walks(), "--target", "limps")
    assert code == 0, told
    assert "column 'walk' names 60 sequences of 2 to 5 steps, ordered by 'second'" in told
    assert "target 'limps': 2 classes: 'no' 30, 'yes' 30: classification" in told
    assert "inputs: 2 channels ('speed', 'age'); 1 category ('ground')" in told
    assert "left out: 'person' is the same in all rows of each sequence" in told
    assert "do sequences with the same 'person' belong together" in told
    settings = load_settings(folder)
    assert (settings.data.kind, settings.data.split.by) == ("sequences", "stratified")
    assert prepare_data(folder, settings).dataset.input_shape == (5, 5)
    assert Experiment(folder, {}).run("check") == 0


def test_of_several_ids_the_finest_and_of_several_steps_the_one_called_so(new):
    rows = walks(session=lambda walk, _: walk // 2, line=lambda walk, _: np.arange(len(walk)))
    rows = {"line": rows.pop("line"), **rows}
    code, told, folder = new(rows, "--target", "limps")
    assert code == 0, told
    data = load_settings(folder).data
    assert (data.id, data.step) == ("walk", "line")
    shutil.rmtree(folder)
    rows["time"] = rows.pop("second")
    new(rows, "--target", "limps")
    assert load_settings(folder).data.step == "time"


def test_sequences_as_they_are_named(new):
    rows = walks()
    asked = ("--kind", "sequences", "--id", "walk", "--date", "speed", "--task", "classification")
    code, told, folder = new(rows, "--target", "limps", *asked)
    assert code == 0, told
    assert load_settings(folder).data.step == "speed"
    code, _, other = new(rows, "--target", "limps", "--kind", "table", name="rows.csv")
    assert code == 0
    assert load_settings(other).data.kind == "table"


SEQUENCES_REFUSED = [
    (
        walks(30),
        ["--id", "walk"],
        "has 30 sequences with a target, by column 'walk'; 40 are needed",
    ),
    (walks(), ["--id", "limps"], "--id 'limps': is the target; name another column"),
    (walks(), ["--id", "walks"], "column 'walks' is missing; the nearest is 'walk'"),
    (walks(), ["--id", "ground"], "; a sequence has one value there (ground '"),
    (
        walks(),
        ["--id", "walk", "--kind", "table"],
        "--id 'walk': is of --kind sequences, not table",
    ),
    (walks(), ["--id", "walk", "--date", "ground"], "column 'ground': '"),
    (
        walks(),
        ["--id", "person"],
        "no column has a number in even steps or a time in each row, once",
    ),
    (
        {"x": np.arange(60) ** 2, "limps": ["no", "yes"] * 30},
        ["--kind", "sequences"],
        "no column is an id, whose",
    ),
]


@pytest.mark.parametrize(
    ("table", "more", "what"), SEQUENCES_REFUSED, ids=[what for *_, what in SEQUENCES_REFUSED]
)
def test_sequences_that_cannot_be(new, table, more, what):
    if "person" in more:
        # One target a person, too.
        table["limps"] = np.array(["yes" if name == "p1" else "no" for name in table["person"]])
    code, told, folder = new(table, "--target", "limps", *more)
    assert code == 2
    assert told.startswith("depthgauge: ")
    assert told.count("\n") == 1
    assert what in told
    assert not folder.exists()


def ts(labels, header="@classLabel true up down", channels=1, missing=False):
    lines = ["# Some words", f"@univariate {str(channels == 1).lower()}", header, "@data"]
    for k, label in enumerate(labels):
        cells = [
            ["?" if missing and k % 9 == 2 else f"{k % 7 + c}.{step}" for step in range(4)]
            for c in range(channels)
        ]
        lines.append(":".join([*map(",".join, cells), *([label] if label else [])]))
    return "\n".join(lines).encode()


@pytest.mark.parametrize("channels", [1, 3])
def test_a_ts_file_needs_no_further_word(new, channels):
    content = ts(["up", "down"] * 30, channels=channels, missing=True)
    code, told, folder = new(content, name="Some_TRAIN.ts")
    assert code == 0, told
    folder = folder.parent / "some_train"
    assert "read as utf-8, a .ts file" in told
    assert "column 'id' names 60 sequences of 4 steps, ordered by 'step'" in told
    settings = load_settings(folder)
    assert (settings.data.target, settings.data.missing) == ("class", "mean")
    dataset = prepare_data(folder, settings).dataset
    # Each channel is followed by what says where it is missing.
    assert dataset.input_shape == (2 * channels, 4)
    assert dataset.classes == ("down", "up")


def test_a_ts_file_of_numbers_and_one_without_labels(new):
    content = ts([f"{k}.5" for k in range(60)], "@targetLabel true")
    code, told, folder = new(content, name="numbers.ts")
    assert code == 0, told
    assert load_settings(folder).data.task == "regression"
    code, told, _ = new(ts([""] * 60, "@classLabel false"), name="none.ts")
    assert code == 2
    assert "its sequences have no label (@classLabel): nothing to predict" in told
    code, told, _ = new(b"let x = 1;\n", name="program.ts")
    assert code == 2
    assert "program.ts: row 1: stands above @data and begins with neither @ nor #" in told
