"""Sequences: their channels, what marks their ends, and what they predict."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from depthgauge.data.kinds.sequences import SequencesData
from depthgauge.errors import InputError
from depthgauge.serving.frame import read_frame
from tests.data.make import FILE, make_table, prepare

SPLIT = {"train": 12, "validation": 4, "test": 4, "by": "rows"}
N = 20


def sequences(**changes):
    settings = {
        "kind": "sequences",
        "target": "y",
        "group": None,
        "task": "classification",
        "targets": [],
        "id": "id",
        "step": "t",
        "channels": ["v"],
        "categories": ["letter"],
        "length": None,
        "missing": "refuse",
        "split": SPLIT,
    }
    return SequencesData(**FILE, **(settings | changes))


def columns(lengths, seed=0):
    """Of as many sequences as there are lengths."""
    rng = np.random.default_rng(seed)
    ids = np.repeat(np.arange(len(lengths)), lengths)
    steps = np.concatenate([np.arange(length) for length in lengths])
    return {
        "id": [f"s{number}" for number in ids],
        "t": steps,
        "v": rng.normal(size=len(ids)).round(3),
        "letter": [("abc")[number] for number in rng.integers(0, 3, len(ids))],
        "y": [("no", "yes")[number % 2] for number in ids],
        "person": [f"p{number // 2}" for number in ids],
    }


def in_order(columns, rows):
    return {name: [column[row] for row in rows] for name, column in columns.items()}


LENGTHS = [2 + k % 4 for k in range(N)]
ROWS = sum(LENGTHS)


@given(st.permutations(range(ROWS)))
def test_the_order_of_the_rows_does_not_matter(rows):
    made, _, _ = prepare(sequences(), make_table(columns(LENGTHS)))
    other, _, _ = prepare(sequences(), make_table(in_order(columns(LENGTHS), rows)))
    assert made.row_names == other.row_names == tuple(f"s{k}" for k in range(N))
    np.testing.assert_array_equal(made.inputs, other.inputs)
    np.testing.assert_array_equal(made.targets, other.targets)
    np.testing.assert_array_equal(made.splits.train, other.splits.train)


@given(st.lists(st.integers(1, 5), min_size=N, max_size=N), st.integers(1, 7) | st.none())
def test_channels_letters_and_ends(lengths, length):
    """Against the rows themselves."""
    raw = columns(lengths)
    raw["letter"][:3] = "abc"
    dataset, encoder, dropped = prepare(sequences(length=length), make_table(raw))
    steps = length or max(lengths)
    uneven = min(lengths) < steps
    assert encoder.channel_names == (
        *("v", "letter=a", "letter=b", "letter=c"),
        *(["present"] if uneven else []),
    )
    assert dataset.input_shape == (4 + uneven, steps)
    cells = dataset.inputs.reshape(N, *dataset.input_shape)
    frame = pd.DataFrame(raw)
    for name, own in zip(dataset.row_names, cells, strict=True):
        rows = frame[frame.id == name].sort_values("t")[-steps:]
        count = len(rows)
        np.testing.assert_array_equal(own[0, :count], rows.v.astype(np.float32))
        for place, letter in enumerate("abc", 1):
            np.testing.assert_array_equal(own[place, :count], rows.letter == letter)
        assert np.isnan(own[:4, count:]).all()
        if uneven:
            assert own[4].tolist() == [1] * count + [0] * (steps - count)
    assert dropped["steps cut off"] == sum(max(0, own - steps) for own in lengths)


def test_a_channel_has_one_scale_and_absent_steps_count_nowhere():
    dataset, encoder, _ = prepare(sequences(), make_table(columns(LENGTHS)))
    steps = dataset.input_shape[1]
    assert dataset.scaling_groups.tolist() == [
        group for group in range(len(encoder.channel_names)) for _ in range(steps)
    ]
    train = dataset.inputs[dataset.splits.train[0]].reshape(-1, *dataset.input_shape)
    centre = dataset.scaling.input_centre.reshape(dataset.input_shape)
    np.testing.assert_allclose(centre[0], np.nanmean(train[:, 0]), rtol=1e-5)
    np.testing.assert_allclose(centre[-1], train[:, -1].mean(), rtol=1e-6)


def test_missing_cells_are_marked_and_sequences_without_a_target_left_out():
    raw = columns(LENGTHS)
    raw["v"][1] = np.nan
    raw["y"] = ["NA" if name == "s3" else y for name, y in zip(raw["id"], raw["y"], strict=True)]
    split = SPLIT | {"train": 11}
    dataset, encoder, dropped = prepare(sequences(missing="mean", split=split), make_table(raw))
    assert encoder.channel_names[:2] == ("v", "v is missing")
    assert "s3" not in dataset.row_names
    assert dropped["sequences without a target"] == 1
    cells = dataset.inputs.reshape(-1, *dataset.input_shape)
    assert cells[0, 1, :2].tolist() == [0, 1]
    with pytest.raises(InputError, match="row 3, column 'v': is empty; a number is needed"):
        prepare(sequences(split=split), make_table(raw))


def test_many_targets_are_an_image():
    raw = columns(LENGTHS)
    names = [f"p{k}" for k in range(9)]
    first = np.array(raw["t"]) == 0
    for place, name in enumerate(names):
        raw[name] = [str(k % (3 + place)) if is_first else "" for k, is_first in enumerate(first)]
    data = sequences(task="structured", target="picture", targets=names, target_scaling="all")
    dataset, encoder, _ = prepare(data, make_table(raw))
    assert dataset.target_shape == (3, 3)
    assert encoder.output_names == tuple(names)
    expected = [[float(raw[name][row]) for name in names] for row in np.flatnonzero(first)]
    np.testing.assert_array_equal(dataset.targets, expected)
    assert encoder.decode(dataset.targets).columns.tolist() == names
    assert len(set(dataset.scaling.target_scale[0])) == 1
    fewer = sequences(task="structured", target="picture", targets=names[:3], target_scaling="all")
    assert prepare(fewer, make_table(raw))[0].target_shape == (3,)


def test_targets_of_several_units_have_each_its_own():
    """Four of them are no image of two rows."""
    raw = columns(LENGTHS)
    names = [f"p{k}" for k in range(4)]
    for place, name in enumerate(names):
        raw[name] = [str(10**place * (sum(map(ord, i)) % 7)) for i in raw["id"]]
    data = sequences(task="structured", target="several", targets=names)
    dataset, *_ = prepare(data, make_table(raw))
    assert dataset.target_shape == (4,)
    train = dataset.targets[dataset.splits.train[0]].astype(float)
    np.testing.assert_allclose(dataset.scaling.target_scale[0], train.std(0), rtol=1e-5)


def test_groups_are_of_whole_sequences_and_can_be_kept_apart():
    split = SPLIT | {"train": 8}
    data = sequences(group="person", split=split)
    dataset, _, _ = prepare(data, make_table(columns(LENGTHS)), replicates=3)
    assert dataset.groups.tolist() == [
        sorted({f"p{k}" for k in range(10)}).index(f"p{k // 2}") for k in range(N)
    ]
    apart = data.keep_apart(dataset, 0, 3)
    for replicate in range(3):
        train, test = apart.splits.train[replicate], apart.splits.test[replicate]
        assert not set(apart.groups[train]) & set(apart.groups[test])


@pytest.mark.parametrize("by", ["stratified", "group"])
def test_other_ways_to_split(by):
    split = SPLIT | {"by": by, "train": 8}
    data = sequences(group="person", split=split)
    dataset, _, dropped = prepare(data, make_table(columns(LENGTHS)))
    assert dropped["sequences left out"] == 4
    labels = dataset.targets[dataset.splits.train[0]]
    if by == "stratified":
        assert np.bincount(labels).tolist() == [4, 4]


def test_numbers_for_ids_and_steps_come_back_as_numbers():
    raw = columns(LENGTHS) | {"id": np.repeat(np.arange(N), LENGTHS)}
    _, encoder, _ = prepare(sequences(), make_table(raw))
    frame = encoder.example(make_table(raw), ["3", "12"])
    assert frame.id.tolist() == [3] * LENGTHS[3] + [12] * LENGTHS[12]
    assert frame.t.tolist() == [*range(LENGTHS[3]), *range(LENGTHS[12])]
    assert encoder.name_answers(["3", "12"]) == [3, 12]
    for kind in (int, float, str):
        given = frame.astype({"id": kind if kind is not float else int, "t": kind})
        table = read_frame(given, encoder.columns, encoder.number_columns)
        assert encoder.encode(table).row_names == ("3", "12")


def test_a_longer_sequence_gives_its_last_steps_and_a_shorter_one_must_be_known():
    even = [3] * N
    _, encoder, _ = prepare(sequences(), make_table(columns(even)))
    longer = make_table(in_order(columns([5]), range(5)))
    encoded = encoder.encode(longer)
    np.testing.assert_array_equal(
        encoded.inputs.reshape(encoder.input_shape)[0], np.float32(columns([5])["v"][2:])
    )
    with pytest.raises(InputError, match=r"has 2 steps in all; .* have 3 steps each \(id 's0'\)"):
        encoder.encode(make_table(columns([2])))
    _, lenient, _ = prepare(sequences(missing="mean"), make_table(columns(even)))
    assert np.isnan(lenient.encode(make_table(columns([2]))).inputs).any()


def test_a_channel_that_tells_the_class_is_doubted():
    raw = columns([3] * 60)
    raw["told"] = [float(y == "yes") for y in raw["y"]]
    raw["same"] = [1.0] * len(raw["y"])
    split = {"train": 30, "validation": 12, "test": 18, "by": "rows"}
    data = sequences(channels=["v", "told", "same"], split=split)
    doubts = data.find_doubts(prepare(data, make_table(raw))[0])
    assert [doubt.split("'")[1] for doubt in doubts] == ["told", "same"]
    assert "tells the classes apart by itself" in doubts[0]
    assert not sequences(split=split).find_doubts(
        prepare(sequences(split=split), make_table(raw))[0]
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"channels": [], "categories": []}, "data.channels: name an input column here"),
        ({"targets": ["a", "b"]}, "data.targets: must be .. where data.task is classification"),
        ({"task": "structured", "targets": ["a"]}, "must name two columns or more; for one"),
        ({"task": "structured"}, "data.targets: must name columns where data.task is structured"),
        ({"channels": ["v", "t"]}, "'t' has two places in id, step, channels, categories and"),
        ({"channels": ["v", "v"]}, "'v' has two places"),
        ({"channels": ["y"]}, "'y' has two places"),
        ({"group": "v"}, "data.group: 'v' is also an input or target; take it out"),
        ({"split": SPLIT | {"by": "group"}}, "data.split.by: group needs data.group"),
        ({"length": 0}, "greater than or equal to 1"),
    ],
)
def test_settings_that_cannot_be(changes, said):
    with pytest.raises(ValidationError, match=said):
        sequences(**changes)


def test_a_channel_called_present():
    raw = columns(LENGTHS)
    raw["present"] = raw.pop("v")
    with pytest.raises(InputError, match="two inputs would be called 'present'; rename a column"):
        prepare(sequences(channels=["present"]), make_table(raw))
