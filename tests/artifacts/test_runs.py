import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depthgauge.artifacts.runs import (
    read_curves,
    read_provenance,
    read_stopped,
    read_test_losses,
    read_weights,
    trained_path,
    write_runs,
)
from depthgauge.errors import InputError
from depthgauge.files.digests import file_digest
from depthgauge.statistics.stopping import stopped
from depthgauge.training.runs import Runs
from tests.refusal import damages

MADE_FROM = {
    "recipe": "fixed",
    "axis": "depth",
    "point": 2,
    "settings": {"seed": 0},
    "data_digest": "a",
    "recipe_digest": "b",
    "packages": {"torch": "2"},
}
REPLICATES, EPOCHS, TEST = 3, 4, 5


def runs():
    rng = np.random.default_rng(1)
    float32 = rng.gamma(1, 10.0 ** rng.integers(-30, 30, (REPLICATES, EPOCHS))).astype(np.float32)
    curves = {f"{split}_loss": float32.astype(np.float64) for split in ("train", "validation")}
    curves["test_loss"] = np.full((REPLICATES, EPOCHS), np.nan)
    curves["test_loss"][0] = [0.0, np.inf, 1e-40, 5.0]
    weights = {"0.weight": rng.normal(size=(REPLICATES, 2, 3)).astype(np.float32)}
    losses = rng.gamma(1, 1, (REPLICATES, TEST)).astype(np.float32)
    return Runs(
        np.arange(REPLICATES),
        curves,
        stopped(curves),
        {"last": weights, "validation": {"0.weight": weights["0.weight"] + 1}},
        {"last": losses, "validation": losses * 2},
    )


ROWS = np.array([[1, 4, 5, 8, 9], [0, 1, 2, 3, 4], [5, 6, 7, 8, 9]])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "fixed-2"
    write_runs(folder, [runs()], ROWS, MADE_FROM)
    return folder


def test_where_it_lies():
    assert trained_path("fixed", 3).as_posix() == "results/train/fixed-3"


def test_curves_read_back_the_same(written):
    curves = read_curves(written)
    assert list(curves) == list(runs().curves)
    for name, curve in runs().curves.items():
        np.testing.assert_array_equal(curves[name].astype(np.float32), curve.astype(np.float32))


def test_where_replicates_stop_reads_back_the_same(written):
    found = read_stopped(written)
    for stopping, expected in runs().stopped.items():
        np.testing.assert_array_equal(found[stopping].epochs, expected.epochs)
        np.testing.assert_array_equal(found[stopping].finite, expected.finite)


def test_curves_are_a_table_for_people(written):
    lines = (written / "curves.csv").read_text().splitlines()
    assert lines[0] == "replicate,epoch,train_loss,validation_loss,test_loss"
    assert [line.split(",")[:2] for line in lines[1:]] == [
        [str(r), str(e)] for r in range(REPLICATES) for e in range(1, EPOCHS + 1)
    ]


def test_losses_of_examples_read_back_the_same(written):
    rows, losses = read_test_losses(written)
    np.testing.assert_array_equal(rows, ROWS)
    for stopping, expected in runs().test_losses.items():
        np.testing.assert_array_equal(losses[stopping], expected)
    assert sorted(losses) == ["last", "validation"]


def test_weights_read_back_the_same(written):
    for stopping, expected in runs().weights.items():
        found = read_weights(written, stopping, 0)
        np.testing.assert_array_equal(found["0.weight"], expected["0.weight"])


def test_replicates_of_several_studies_are_one_table(written, tmp_path):
    whole = runs()
    wide = {s: {"0.weight": np.ones((1, 7, 3), np.float32)} for s in whole.weights}
    parts = [whole.take(np.array([0, 2])), replace(whole.take(np.array([1])), weights=wide)]
    write_runs(tmp_path / "tuned-2", parts, ROWS, MADE_FROM)
    for name in ("curves.csv", "stopping.csv", "test-losses.safetensors"):
        assert (tmp_path / "tuned-2" / name).read_bytes() == (written / name).read_bytes()
    for stopping, expected in whole.weights.items():
        first = read_weights(tmp_path / "tuned-2", stopping, 0)
        np.testing.assert_array_equal(first["0.weight"], expected["0.weight"][[0, 2]])
        assert read_weights(tmp_path / "tuned-2", stopping, 1)["0.weight"].shape == (1, 7, 3)


def test_provenance_holds_the_digest_of_every_file(written):
    content = read_provenance(written)
    assert {key: content[key] for key in MADE_FROM} == MADE_FROM
    files = {path.name for path in written.iterdir()} - {"provenance.json"}
    assert content["digests"] == {name: file_digest(written / name) for name in files}
    assert len(files) == 5


def test_same_arguments_give_the_same_bytes(written, tmp_path):
    write_runs(tmp_path / "again", [runs()], ROWS, MADE_FROM)
    for path in written.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


READERS = {
    "curves.csv": read_curves,
    "stopping.csv": read_stopped,
    "test-losses.safetensors": read_test_losses,
    "weights-last-0.safetensors": lambda folder: read_weights(folder, "last", 0),
}


@pytest.mark.parametrize("name", READERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_any_changed_byte_is_noticed(written, name, data):
    path = written / name
    good = path.read_bytes()
    try:
        for bad in damages(data, good):
            path.write_bytes(bad)
            with pytest.raises(InputError) as caught:
                READERS[name](written)
            assert str(caught.value) == (
                f"{path}: is not the file provenance.json tells of; run `dvc repro`"
            )
    finally:
        path.write_bytes(good)
    READERS[name](written)


@pytest.mark.parametrize("name", READERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_a_damaged_file_with_the_digest_of_a_good_one_is_a_line(written, name, data):
    """Whatever lies there reads as something, or is one line: never a traceback."""
    path, provenance = written / name, written / "provenance.json"
    good, record = path.read_bytes(), provenance.read_bytes()
    try:
        for bad in damages(data, good):
            path.write_bytes(bad)
            content = json.loads(record)
            content["digests"][name] = file_digest(path)
            provenance.write_text(json.dumps(content))
            message = message_of(lambda: READERS[name](written))
            assert message in (None, f"{path}: is damaged; run `dvc repro`")
    finally:
        path.write_bytes(good)
        provenance.write_bytes(record)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(data=st.data())
def test_a_damaged_provenance_is_a_line(written, data):
    path = written / "provenance.json"
    good = path.read_bytes()
    try:
        for bad in damages(data, good):
            path.write_bytes(bad)
            for reader in (read_provenance, *READERS.values()):
                message = message_of(lambda reader=reader: reader(written))
                assert message is None or message.endswith("; run `dvc repro`")
    finally:
        path.write_bytes(good)


@pytest.mark.parametrize("key", [*MADE_FROM, "digests"])
@pytest.mark.parametrize("value", [None, 3.5j, [1]])
def test_provenance_of_another_type(written, tmp_path, key, value):
    content = read_provenance(written) | {key: None if value == 3.5j else value}
    if value == 3.5j:
        del content[key]
    (tmp_path / "provenance.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=f"{key}: is missing; run `dvc repro`$"):
        read_provenance(tmp_path)


def message_of(work):
    try:
        work()
    except InputError as error:
        message = str(error)
        return message if message.isprintable() else "several lines"
    return None


@pytest.mark.parametrize("content", ["{}", '{"settings": 3}', '{"settings": {}, "digests": []}'])
def test_provenance_without_what_is_needed(tmp_path, content):
    (tmp_path / "provenance.json").write_text(content)
    with pytest.raises(InputError, match=r"is missing; run `dvc repro`$"):
        read_provenance(tmp_path)
