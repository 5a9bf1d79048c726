import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file

from depthgauge.artifacts.runs import (
    read_curves,
    read_metrics,
    read_provenance,
    read_test_losses,
    trained_path,
    write_trained,
)
from depthgauge.errors import InputError
from depthgauge.files.digests import file_digest
from depthgauge.training.runs import Trained

MADE_FROM = {"recipe": "fixed", "point": 2, "settings": {"seed": 0}}
CHECKED = ["curves.csv", "metrics.csv", "test-losses.parquet"]
REPLICATES, EPOCHS, TEST = 3, 4, 5


def trained():
    rng = np.random.default_rng(1)
    float32 = rng.gamma(1, 10.0 ** rng.integers(-30, 30, (REPLICATES, EPOCHS))).astype(np.float32)
    curves = {f"{split}_loss": float32.astype(np.float64) for split in ("train", "validation")}
    curves["test_loss"] = np.full((REPLICATES, EPOCHS), np.nan)
    curves["test_loss"][0] = [0.0, np.inf, 1e-40, 5.0]
    weights = {"0.weight": rng.normal(size=(REPLICATES, 2, 3)).astype(np.float32)}
    losses = rng.gamma(1, 1, (REPLICATES, TEST)).astype(np.float32)
    return Trained(
        np.arange(REPLICATES),
        curves,
        {"last": weights, "validation": {"0.weight": weights["0.weight"] + 1}},
        {"last": losses, "validation": losses * 2},
        {
            "last": {"train_rmse": rng.gamma(1, 1, 3), "test_r2": np.array([-1e9, np.nan, 1.0])},
            "validation": {"train_rmse": np.zeros(3), "test_r2": rng.normal(size=3)},
        },
    )


ROWS = np.array([[1, 4, 5, 8, 9], [0, 1, 2, 3, 4], [5, 6, 7, 8, 9]])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "fixed-2"
    write_trained(folder, trained(), ROWS, MADE_FROM)
    return folder


def test_where_it_lies():
    assert trained_path("fixed", 3).as_posix() == "results/train/fixed-3"


def test_curves_read_back_the_same(written):
    curves = read_curves(written)
    assert list(curves) == list(trained().curves)
    for name, curve in trained().curves.items():
        np.testing.assert_array_equal(curves[name].astype(np.float32), curve.astype(np.float32))


def test_metrics_read_back_the_same(written):
    metrics = read_metrics(written)
    for stopping, expected in trained().metrics.items():
        assert list(metrics[stopping]) == list(expected)
        for name, values in expected.items():
            np.testing.assert_allclose(metrics[stopping][name], values, rtol=1e-8)


def test_curves_are_a_table_for_people(written):
    lines = (written / "curves.csv").read_text().splitlines()
    assert lines[0] == "replicate,epoch,train_loss,validation_loss,test_loss"
    assert [line.split(",")[:2] for line in lines[1:]] == [
        [str(r), str(e)] for r in range(REPLICATES) for e in range(1, EPOCHS + 1)
    ]


def test_losses_of_examples_read_back_the_same(written):
    rows, losses = read_test_losses(written)
    np.testing.assert_array_equal(rows, ROWS)
    for stopping, expected in trained().test_losses.items():
        np.testing.assert_array_equal(losses[stopping], expected)
    table = pq.read_table(written / "test-losses.parquet")
    assert table.column_names == ["replicate", "row", "last", "validation"]


def test_weights_read_back_the_same(written):
    for stopping, expected in trained().weights.items():
        found = load_file(written / f"weights-{stopping}.safetensors")
        np.testing.assert_array_equal(found["0.weight"], expected["0.weight"])


def test_provenance_holds_the_digest_of_every_file(written):
    content = read_provenance(written)
    assert {key: content[key] for key in MADE_FROM} == MADE_FROM
    files = {path.name for path in written.iterdir()} - {"provenance.json"}
    assert content["digests"] == {name: file_digest(written / name) for name in files}
    assert len(files) == 5


def test_same_arguments_give_the_same_bytes(written, tmp_path):
    write_trained(tmp_path / "again", trained(), ROWS, MADE_FROM)
    for path in written.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


READERS = {
    "curves.csv": read_curves,
    "metrics.csv": read_metrics,
    "test-losses.parquet": read_test_losses,
}


@pytest.mark.parametrize("name", CHECKED)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_any_changed_byte_is_noticed(written, name, data):
    path = written / name
    good = path.read_bytes()
    place = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.integers(1, 255))
    try:
        for bad in (good[:place] + bytes([good[place] ^ other]) + good[place + 1 :], good[:place]):
            path.write_bytes(bad)
            with pytest.raises(InputError) as caught:
                READERS[name](written)
            assert str(caught.value) == (
                f"{path}: is not the file provenance.json tells of; run `dvc repro`"
            )
    finally:
        path.write_bytes(good)
    READERS[name](written)


@pytest.mark.parametrize("content", ["{}", '{"settings": 3}', '{"settings": {}, "digests": []}'])
def test_provenance_without_what_is_needed(tmp_path, content):
    (tmp_path / "provenance.json").write_text(content)
    with pytest.raises(InputError, match=r"is missing; run `dvc repro`$"):
        read_provenance(tmp_path)
