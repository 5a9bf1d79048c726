""".ts files of the UEA and UCR archives, as a long table."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.tables.sniff import sniff
from depthgauge.tables.table import parse_table, read_labels, read_number_columns, read_numbers
from depthgauge.tables.ts import is_ts
from tests.refusal import damages, read_or_refuse

PATH = Path("some.ts")
HEAD = (
    "# A comment: with colons, and commas\n\n@problemName Some\n@TimeStamps false\n"
    "@missing true\n@univariate false\n@dimensions 2\n@equalLength false\n"
    "@CLASSLABEL TRUE a b\n@data\n"
)


def read(text, path=PATH):
    data = text.encode() if isinstance(text, str) else text
    return parse_table(path, data, sniff(path, data))


def refusal(text):
    with pytest.raises(InputError) as caught:
        read(text)
    message = str(caught.value)
    assert message.isprintable()
    assert message.startswith("some.ts: ")
    return message.removeprefix("some.ts: ")


def test_unequal_lengths_several_channels_and_missing_values():
    table = read(HEAD + "1,2,3:?,NaN,6:a\n# between\n\n -1e3, .5 : 7 , 8.:b\n")
    assert table.columns == ("id", "step", "c1", "c2", "class")
    assert table.lines == (11, 11, 11, 14, 14)
    assert read_labels(table, "id") == ("1", "1", "1", "2", "2")
    assert read_labels(table, "step") == ("1", "2", "3", "1", "2")
    assert read_labels(table, "class") == ("a", "a", "a", "b", "b")
    values = [read_numbers(table, name, False, missing=True) for name in ("c1", "c2")]
    np.testing.assert_array_equal(values, [[1, 2, 3, -1000, 0.5], [np.nan, np.nan, 6, 7, 8]])


VALUES = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.data(), st.integers(1, 3), st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_is_written_is_read(data, channels, labelled, end):
    """Against a writer as simple as the format."""
    lengths = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    cases = [
        [[data.draw(VALUES) for _ in range(length)] for _ in range(channels)] for length in lengths
    ]
    lines = ["@univariate false", f"@classLabel {'true' if labelled else 'false'}", "@data"]
    for place, case in enumerate(cases):
        parts = [",".join(map(repr, channel)) for channel in case]
        lines.append(":".join([*parts, *([f"label {place}"] if labelled else [])]))
    table = read(end.join(lines))
    names = [f"c{k}" for k in range(1, channels + 1)]
    assert table.columns == ("id", "step", *names, *(["class"] if labelled else []))
    expected = np.concatenate([np.array(case).T for case in cases])
    np.testing.assert_array_equal(read_number_columns(table, names), expected)
    assert list(table.lines) == list(np.repeat(np.arange(4, 4 + len(lengths)), lengths))
    assert [int(step) for step in table.cells["step"]] == [
        step for length in lengths for step in range(1, length + 1)
    ]


@pytest.mark.parametrize(
    ("header", "line", "label", "value"),
    [
        # Without a word there are classes, and a target takes their place, as in aeon.
        ("", "1,2:x", "class", "x"),
        ("@classLabel true\n", "1,2:x", "class", "x"),
        ("@classLabel true x y\n", "1,2:X", "class", "x"),
        ("@classLabel true 1 2\n", "1,2:1.0", "class", "1"),
        ("@classLabel true a b\n", "1,2:A", "class", "a"),
        ("@classLabel true two words\n", "1,2:two words", "class", "two words"),
        ("@targetLabel true\n", "1,2:-3.5", "value", "-3.5"),
        ("@classLabel true x\n@targetlabel true\n", "1,2:4", "value", "4"),
        ("@classLabel false\n", "1,2", None, None),
    ],
)
def test_labels(header, line, label, value):
    table = read(f"{header}@data\n{line}\n")
    assert table.columns == ("id", "step", "c1", *([label] if label else []))
    if label:
        assert set(read_labels(table, label)) == {value}


def test_times_beside_the_values_are_left_out():
    line = "(2004-10-01 00:00:00,1.5),(2004-10-01 01:00:00,?):(2004-10-01 00:00:00,2),(x, 3):9"
    table = read(f"@timeStamps true\n@targetLabel true\n@data\n{line}\n")
    assert read_labels(table, "step") == ("1", "2")
    assert read_numbers(table, "c2", False).tolist() == [2, 3]
    assert table.cells["c1"].tolist() == ["1.5", "?"]
    assert read_labels(table, "value") == ("9", "9")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no line @data"),
        ("@problemName x\n", "has no line @data"),
        ("x\n@data\n1:a\n", "row 1: stands above @data and begins with neither @ nor #"),
        ("@data\n\n# nothing\n", "has no sequence below @data in row 1"),
        ("@missing maybe\n@equalLength yes\n@data\n1:a\n", "row 2: @equallength must be true or"),
        ("@classLabel\n@data\n1:a\n", "row 1: @classlabel must be true or false"),
        ("@dimensions two\n@data\n1:a\n", "row 1: @dimensions must be the number of channels"),
        (HEAD + "1,2:3,x:a\n", "row 11: channel 2, step 2: 'x' is no number; write ? for one"),
        (HEAD + "1,2:3,:a\n", "row 11: channel 2, step 2: is empty; write ? for one that is"),
        (HEAD + "1,2:3,inf:a\n", "row 11: channel 2, step 2: 'inf' is no number"),
        (HEAD + "1,2:3,4,5:a\n", "row 11: channel 2 has 3 steps; channel 1 has 2"),
        (HEAD + "1,2:3,4\n", "row 11: must end with a colon and the class of the sequence"),
        (HEAD + "1,2:3,4:\n", "row 11: must end with a colon and the class of the sequence"),
        (HEAD + "1,2:3,4:c\n", "row 11: 'c' is none of the classes that @classLabel names"),
        (HEAD + "1,2:a\n", "row 11: has 1 channels; the header says 2"),
        ("@data\n1:2:a\n1:a\n", "row 3: has 1 channels; row 2 has 2"),
        ("@univariate true\n@data\n1:2:a\n", "row 3: has 2 channels; the header says 1"),
        (
            "@equalLength true\n@data\n1,2:a\n1:a\n",
            "row 4: has 1 steps, row 3 has 2; @equalLength must be false then",
        ),
        ("@timestamps true\n@data\n1,2:a\n", "row 3: channel 1: each value must stand in brackets"),
        ("@timestamps true\n@data\n(t,x):a\n", "row 3: channel 1, step 1: 'x' is no number"),
    ],
)
def test_what_is_none(text, said):
    assert refusal(text).startswith(said)


def test_a_file_is_told_by_its_name_or_its_header():
    assert is_ts(Path("x.TS"), b"")
    assert is_ts(Path("x.txt"), b"\xef\xbb\xbf# one\r\n\r\n @ProblemName x\r\n@data\r\n")
    assert not is_ts(Path("x.csv"), b"# one\n@relation x\n")
    assert not is_ts(Path("x.csv"), b"a,b\n1,2\n")
    # As long as a description may be.
    assert not is_ts(Path("x.csv"), b"# word\n" * 100_000)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_description_in_any_encoding(encoding):
    text = "# Université\n@classLabel true é b\n@data\n1,2:é\n"
    table = read(text.encode(encoding))
    assert set(read_labels(table, "class")) == {"é"}


@given(st.data())
def test_a_damaged_file_is_read_or_refused_in_one_line(data):
    for content in damages(data, HEAD.encode() + b"1,2,3:?,NaN,6:a\n-1e3,.5:7,8:b\n"):
        _, said = read_or_refuse(lambda content=content: read(content))
        assert said.isprintable()


@pytest.mark.parametrize("names", ["A a", "1_0 10", "inf infinity", "1 1.0"])
def test_classes_that_the_header_names_apart_stay_apart(names):
    one, other = names.split()
    head = f"@univariate true\n@classLabel true {names}\n@data\n"
    table = read(f"{head}1,2:{one}\n3,4:{other}\n")
    assert read_labels(table, "class") == (one, one, other, other)


def test_a_label_may_be_missing():
    table = read("@univariate true\n@targetLabel true\n@data\n1,2:0.5\n3,4:?\n")
    assert list(table.cells["value"]) == ["0.5", "0.5", "", ""]


def test_a_number_of_channels_beyond_all_measure():
    head = f"@dimensions {'9' * 5000}\n@classLabel false\n@data\n1,2\n"
    assert "@dimensions must be the number of channels" in refusal(head)
