import dataclasses
import json
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depthgauge.artifacts.dataset import check_settings, read_dataset, read_meta, write_dataset
from depthgauge.artifacts.encoder import read_encoder
from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes
from depthgauge.files.digests import bytes_digest
from tests.data.make import images as images_data
from tests.data.make import make_table, prepare
from tests.data.make import series as series_data
from tests.refusal import damages

FILES = ["dataset.safetensors", "encoder.json", "meta.json", "names.json"]
DATA_FILES = [name for name in FILES if name != "meta.json"]
SETTINGS = {"data": {"file": "table.csv", "counts": {"train": 15, "test": 8}}, "seed": 0}


COUNTS = {"train": 15, "validation": 5, "test": 8}


def images():
    pixels = np.random.default_rng(0).integers(0, 17, size=(30, 3)).astype(float)
    # Names that the files use themselves must not collide with them.
    names = ["row", "target:0", "input:input:ü"]
    labels = [str(row % 3 + 8) for row in range(30)]
    table = make_table({**dict(zip(names, pixels.T, strict=True)), "label": labels})
    data = images_data("classification", COUNTS, scaling="each", label_noise=0.2)
    return prepare(data, table, 0, 4)


def series(gaps="exclude"):
    days = np.datetime64("2020-01-01") + np.delete(np.arange(60), [20, 21])
    a, b = np.random.default_rng(0).gamma(2, size=(58, 2)).T
    split = {"validation_days": 10, "test_days": 10}
    data = series_data(target="a", inputs=["a", "b"], window=7, gaps=gaps, split=split)
    dataset, encoder, dropped = prepare(data, make_table({"day": days, "a": a, "b": b}))
    # As a table may have them: missing inputs, and a known best prediction.
    inputs = dataset.inputs.copy()
    inputs[3, 2] = np.nan
    dataset = dataclasses.replace(dataset, inputs=inputs, reference=dataset.targets / 2)
    return dataset, encoder, dropped


def denoising():
    pixels = np.random.default_rng(0).uniform(size=(30, 4))
    names = ["reference:0", "b", "c", "time"]
    table = make_table({**dict(zip(names, pixels.T, strict=True)), "label": ["?"] * 30})
    return prepare(images_data("structured", COUNTS, input_noise=0.5), table, 0, 4)


CASES = {
    "images": images(),
    "series": series(),
    "steps": series("ignore"),
    "denoising": denoising(),
}


def write(folder, case):
    dataset, encoder, dropped = CASES[case]
    write_dataset(folder, dataset, encoder, {"table.csv": "0" * 64}, dropped, SETTINGS)
    return dataset


@pytest.mark.parametrize("case", CASES)
def test_reads_back_the_same(tmp_path, case):
    dataset = write(tmp_path / "prepared", case)
    assert sorted(os.listdir(tmp_path / "prepared")) == FILES
    read, _ = read_dataset(tmp_path / "prepared")
    assert read_encoder(tmp_path / "prepared") == CASES[case][1]
    for field in dataclasses.fields(dataset):
        before, after = getattr(dataset, field.name), getattr(read, field.name)
        if dataclasses.is_dataclass(before):
            for inner in dataclasses.fields(before):
                one, other = getattr(before, inner.name), getattr(after, inner.name)
                np.testing.assert_array_equal(one, other, strict=True)
        elif isinstance(before, np.ndarray):
            np.testing.assert_array_equal(before, after, strict=True)
        else:
            assert before == after


@pytest.mark.parametrize("case", CASES)
def test_same_arguments_give_the_same_bytes(tmp_path, case):
    for name in ("one", "other"):
        write(tmp_path / name, case)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_meta_of_images(tmp_path):
    dataset = write(tmp_path, "images")
    meta = read_meta(tmp_path)
    assert meta["task"] == "classification"
    assert meta["classes"] == ["8", "9", "10"]
    assert meta["shapes"] == {
        "rows": 30,
        "inputs": 3,
        "outputs": 3,
        "splits": 4,
        "input": [3],
        "target": [],
    }
    assert meta["counts"] == {"train": 15, "validation": 5, "test": 8, "unused": 2}
    assert meta["scaling"]["target_scale"] is None
    least = meta["scaling"]["input_centre"]["least"]
    assert least == dataset.scaling.input_centre.min()
    assert meta["settings"] == SETTINGS
    assert meta["digests"]["raw"] == {"table.csv": "0" * 64}
    for name in DATA_FILES:
        assert meta["digests"][name] == bytes_digest((tmp_path / name).read_bytes())


def test_meta_of_a_series(tmp_path):
    write(tmp_path, "series")
    meta = read_meta(tmp_path)
    assert meta["shapes"] == {
        "rows": 44,
        "inputs": 14,
        "outputs": 1,
        "splits": 1,
        "input": [2, 7],
        "target": [1],
    }
    assert meta["dropped"] == {"absent days": 2, "windows lost to absent days": 7}


def test_no_place_or_time_in_the_files(tmp_path):
    write(tmp_path / "prepared", "series")
    for name in FILES:
        assert str(tmp_path).encode() not in (tmp_path / "prepared" / name).read_bytes()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared") / "prepared"
    write(folder, "images")
    return folder


def assert_asks_to_run_again(folder, path):
    read = read_encoder if path.name == "encoder.json" else read_dataset
    with pytest.raises(InputError) as caught:
        read(folder)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert message.endswith("; run `dvc repro`")
    assert message.isprintable()


@pytest.mark.parametrize("name", FILES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_any_changed_byte_is_noticed(written, name, data):
    path = written / name
    good = path.read_bytes()
    try:
        for bad in damages(data, good):
            path.write_bytes(bad)
            assert_asks_to_run_again(written, path)
    finally:
        path.write_bytes(good)
    read_dataset(written)
    read_encoder(written)


@pytest.mark.parametrize("name", FILES)
def test_missing_files(tmp_path, name):
    write(tmp_path, "images")
    (tmp_path / name).unlink()
    assert_asks_to_run_again(tmp_path, tmp_path / name)
    (tmp_path / name).mkdir()
    assert_asks_to_run_again(tmp_path, tmp_path / name)


def test_missing_folder(tmp_path):
    assert_asks_to_run_again(tmp_path / "none", tmp_path / "none/meta.json")


@pytest.mark.parametrize("name", DATA_FILES)
def test_files_of_two_runs_do_not_mix(tmp_path, name):
    write(tmp_path / "one", "images")
    write(tmp_path / "other", "series")
    (tmp_path / "one" / name).write_bytes((tmp_path / "other" / name).read_bytes())
    assert_asks_to_run_again(tmp_path / "one", tmp_path / "one" / name)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[" * 100_000, '{"digests": {}}', "\xff"])
def test_damaged_meta(tmp_path, text):
    write(tmp_path, "images")
    (tmp_path / "meta.json").write_text(text, encoding="latin-1")
    assert_asks_to_run_again(tmp_path, tmp_path / "meta.json")


def test_an_edit_by_hand_is_noticed(tmp_path):
    write(tmp_path, "images")
    meta = json.loads((tmp_path / "meta.json").read_bytes())
    meta["settings"]["seed"] = 1
    (tmp_path / "meta.json").write_bytes(json_bytes(meta))
    assert_asks_to_run_again(tmp_path, tmp_path / "meta.json")


@pytest.mark.parametrize(
    ("now", "what"),
    [
        ({**SETTINGS, "seed": 1}, "seed: made with 0, now 1"),
        ({**SETTINGS, "seed": False}, "seed: made with 0, now false"),
        ({"data": SETTINGS["data"]}, "seed: made with 0, now nothing"),
        ({**SETTINGS, "extra": None}, "extra: made with nothing, now null"),
        ({**SETTINGS, "data": "x"}, 'data: made with nothing, now "x"'),
        (
            {"data": {"file": "b.csv", "counts": {"train": 15, "test": 9}}, "seed": 0},
            "data.counts.test: made with 8, now 9",
        ),
        (
            {"data": {"file": "table.csv", "counts": {}}, "seed": 0},
            "data.counts: made with nothing, now {}",
        ),
    ],
)
def test_first_setting_that_differs(written, now, what):
    with pytest.raises(InputError) as caught:
        check_settings(written, read_meta(written), now)
    assert str(caught.value) == f"{written / 'meta.json'}: {what}; run `dvc repro`"


def test_same_settings_in_another_order(written):
    check_settings(written, read_meta(written), dict(reversed(SETTINGS.items())))
