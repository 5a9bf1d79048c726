import json

import numpy as np
import pytest

from depthgauge.artifacts.baselines import BASELINES, read_baselines, write_baselines
from depthgauge.errors import InputError
from tests.experiment import new_experiment


@pytest.fixture
def experiment(tmp_path):
    experiment = new_experiment(tmp_path / "experiment", "images")
    experiment.repro("prepare")
    return experiment


def found(value):
    values = np.array([value, 0.1234567891234, 3.0])
    splits = dict.fromkeys(("train", "validation", "test"), values)
    return {"guess": {"loss": splits, "accuracy": {split: values / 2 for split in splits}}}


@pytest.mark.parametrize("value", [1 / 3, 0.0, -1e-300, np.nan])
def test_what_was_written_comes_back_to_nine_digits(experiment, value):
    write_baselines(experiment.folder, experiment.settings, found(value))
    once = read_baselines(experiment.folder, experiment.settings)
    for quantity, of_split in found(value)["guess"].items():
        np.testing.assert_allclose(once["guess"][quantity]["test"], of_split["test"], rtol=1e-8)
    before = (experiment.folder / BASELINES).read_bytes()
    write_baselines(experiment.folder, experiment.settings, once)
    assert (experiment.folder / BASELINES).read_bytes() == before


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("seed", 1, "seed: made with 0, now 1"),
        ("replicates", 4, "replicates: made with 3, now 4"),
        ("replicates", [4, 6], "replicates: made with 3, now 4"),
    ],
)
def test_of_other_settings(experiment, key, value, said):
    write_baselines(experiment.folder, experiment.settings, found(1.0))
    experiment.set(key, value)
    with pytest.raises(InputError, match=f"{said}; run `dvc repro`$"):
        read_baselines(experiment.folder, experiment.settings)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"made_from": 1, "baselines": {}}',
        b'{"made_from": {}, "baselines": {"a": {"loss": {"test": ["x"]}}}}',
        b'{"made_from": {}, "baselines": {"a": {"loss": 3}}}',
        b'{"made_from": {}, "baselines": {"a": {"loss": {"train": [1.0], "test": [1.0]}}}}',
        b"{" * 100_000,
        b"\xff",
    ],
)
def test_damage_is_told_in_one_line(experiment, content):
    path = experiment.folder / BASELINES
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"results/baselines.json: .*; run `dvc repro`$"):
        read_baselines(experiment.folder, experiment.settings)


def test_without_them(experiment):
    with pytest.raises(InputError, match=r"baselines.json: no such file; run `dvc repro`$"):
        read_baselines(experiment.folder, experiment.settings)


def test_other_code_is_noticed(experiment):
    write_baselines(experiment.folder, experiment.settings, found(1.0))
    path = experiment.folder / BASELINES
    content = json.loads(path.read_text())
    content["made_from"]["code_digest"] = "0"
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match="code_digest: made with 0, now"):
        read_baselines(experiment.folder, experiment.settings)
