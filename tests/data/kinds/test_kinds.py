"""What every kind of data must do; each has a small experiment in tests/experiment.py."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from depthgauge.data.kinds.kind import KINDS as PACKAGE
from depthgauge.data.kinds.kind import parse_encoder
from depthgauge.entries import entry_names, find_entry
from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes
from depthgauge.serving.frame import read_frame
from depthgauge.settings.load import parse_settings
from depthgauge.tables.table import PLAIN, parse_table
from tests.experiment import TABLES, new_experiment

KINDS = entry_names(PACKAGE)
PATH = Path("table.csv")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(settings, raw table, encoder, dataset) of a kind."""

    @cache
    def make(kind, seed=0):
        experiment = new_experiment(tmp_path_factory.mktemp(kind), kind)
        data = experiment.settings.data
        raw = parse_table(PATH, TABLES[kind]().encode(), PLAIN)
        table, _ = data.clean(raw)
        encoder = data.fit(table)
        dataset, _ = data.build(table, encoder, encoder.encode(table), seed, 2)
        return data, raw, encoder, dataset

    return make


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_is_that_of_its_raw_rows(made, kind):
    _, raw, encoder, dataset = made(kind)
    for row in range(0, len(dataset.row_names), 7):
        frame = encoder.example(raw, [dataset.row_names[row]])
        assert tuple(frame.columns) == encoder.columns
        encoded = encoder.encode(read_frame(frame, encoder.columns, encoder.number_columns))
        assert encoded.inputs.dtype == np.float32
        np.testing.assert_array_equal(encoded.inputs[-1], dataset.inputs[row])
        if dataset.times is not None:
            assert encoded.row_names[-1] == dataset.row_names[row]


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_frame_is_the_data_set(made, kind):
    _, raw, encoder, dataset = made(kind)
    frame = encoder.frame(raw)
    encoded = encoder.encode(read_frame(frame, encoder.columns, encoder.number_columns))
    direct = encoder.encode(raw)
    np.testing.assert_array_equal(encoded.inputs, direct.inputs)
    places = [direct.row_names.index(name) for name in dataset.row_names]
    np.testing.assert_array_equal(encoded.inputs[places], dataset.inputs)
    assert encoded.inputs.shape[1] == len(encoder.input_names)


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_what_it_makes(made, kind):
    _, raw, encoder, dataset = made(kind)
    assert encoder.kind == kind
    assert encoder.task == dataset.task
    assert dataset.input_names == encoder.input_names
    assert int(np.prod(encoder.input_shape)) == dataset.inputs.shape[1]
    assert len(set(encoder.input_names)) == len(encoder.input_names)
    assert dataset.input_shape == encoder.input_shape
    assert encoder.at_shape(encoder.input_shape) == encoder
    examples, inputs = encoder.count(raw)
    assert examples >= len(dataset.inputs)
    assert inputs == dataset.inputs.shape[1]
    assert set(encoder.number_columns) <= set(encoder.columns)
    assert dataset.times is None or encoder.naming_column is not None
    for guess in encoder.guesses(dataset).values():
        assert guess.shape == dataset.targets.shape


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_in_the_unit_of_the_raw_target(made, kind):
    _, raw, encoder, dataset = made(kind)
    if dataset.classes:
        outputs = np.eye(len(dataset.classes))[dataset.targets]
    else:
        outputs = dataset.targets.astype(np.float64)
    answers = encoder.decode(outputs)
    assert tuple(answers.columns) == encoder.output_names
    if encoder.naming_column is None:
        places = [list(raw.lines).index(int(name)) for name in dataset.row_names]
    else:
        places = [list(raw.cells[encoder.naming_column]).index(name) for name in dataset.row_names]
    expected = raw.cells[encoder.target].iloc[places].tolist()
    answer = answers[encoder.target].tolist()
    if dataset.classes:
        assert answer == expected
    else:
        np.testing.assert_allclose(answer, [float(cell) for cell in expected], rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_an_encoder_is_its_json(made, kind):
    data, raw, encoder, _ = made(kind)
    data_json = json_bytes(encoder.model_dump(mode="json"))
    assert parse_encoder(data_json) == encoder
    assert data.fit(data.clean(raw)[0]) == encoder
    with pytest.raises(ValidationError):
        encoder.target = "another"
    for wrong in (b"[]", b"{}", b"{", data_json.replace(kind.encode(), b"other")):
        with pytest.raises(ValueError, match=r".*"):
            parse_encoder(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_alarms_name_row_and_column(made, kind):
    _, raw, encoder, _ = made(kind)
    frame = encoder.frame(raw)
    # Of sequences it may be anything.
    anything = encoder.naming_column if kind == "sequences" else None
    for column in set(encoder.columns) - {anything}:
        odd = frame.astype({column: object})
        odd.loc[3, column] = "\x1b odd"
        table = read_frame(odd, encoder.columns, encoder.number_columns)
        with pytest.raises(InputError) as caught:
            encoder.encode(table)
        message = str(caught.value)
        assert f"input: row 4, column {column!r}: " in message
        assert r"'\x1b odd'" in message
        assert message.isprintable()


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_draws_splits_and_nothing_of_the_encoder(made, kind):
    _, _, encoder, dataset = made(kind)
    _, _, other, again = made(kind, 1)
    assert encoder == other
    same = np.array_equal(dataset.splits.train, again.splits.train)
    assert same != dataset.splits.resampled


@pytest.mark.parametrize("kind", KINDS)
def test_its_settings_are_those_of_params_yaml(tmp_path, kind):
    experiment = new_experiment(tmp_path, kind)
    data = parse_settings(experiment.content, "params.yaml").data
    assert type(data) is find_entry(PACKAGE, kind)
    assert data.model_dump(exclude_unset=True) == experiment.content["data"]
