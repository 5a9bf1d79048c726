import numpy as np

from depthgauge.artifacts.dataset import read_dataset, read_meta
from tests.experiment import new_experiment, snapshot

PREPARED = "data/prepared"


def test_same_bytes_again_and_elsewhere(experiment, tmp_path, kind):
    experiment.repro("prepare")
    first = snapshot(experiment.folder / PREPARED)
    experiment.repro("prepare")
    assert snapshot(experiment.folder / PREPARED) == first
    other = new_experiment(tmp_path / "other place", kind)
    other.repro("prepare")
    assert snapshot(other.folder / PREPARED) == first


def test_splits_of_a_replicate_do_not_depend_on_their_number(tmp_path):
    experiment = new_experiment(tmp_path, "images")
    experiment.repro("prepare")
    few, _ = read_dataset(experiment.folder / PREPARED)
    experiment.set("replicates", 7).repro("prepare")
    many, _ = read_dataset(experiment.folder / PREPARED)
    for name in ("train", "validation", "test"):
        np.testing.assert_array_equal(many.splits[name][:3], few.splits[name])
    np.testing.assert_array_equal(many.scaling.input_centre[:3], few.scaling.input_centre)


def test_a_series_does_not_depend_on_the_number_of_replicates(tmp_path):
    experiment = new_experiment(tmp_path, "series")
    experiment.repro("prepare")
    before = snapshot(experiment.folder / PREPARED)
    experiment.set("replicates", 7).repro("prepare")
    after = snapshot(experiment.folder / PREPARED)
    assert {name for name in after if after[name] != before[name]} == {"meta.json"}


def test_another_seed_is_another_split(tmp_path):
    experiment = new_experiment(tmp_path, "images")
    experiment.repro("prepare")
    one, _ = read_dataset(experiment.folder / PREPARED)
    experiment.set("seed", 1).repro("prepare")
    other, _ = read_dataset(experiment.folder / PREPARED)
    assert not np.array_equal(one.splits.test, other.splits.test)


def test_what_was_left_out_is_told(tmp_path):
    experiment = new_experiment(tmp_path / "series", "series")
    experiment.repro("prepare")
    meta = read_meta(experiment.folder / PREPARED)
    assert meta["dropped"] == {"absent days": 2, "windows lost to absent days": 4}
    experiment = new_experiment(tmp_path / "images", "images")
    experiment.edit_raw(lambda text: text + "1,2,3,4,a\n" * 2)
    experiment.repro("prepare")
    assert read_meta(experiment.folder / PREPARED)["dropped"]["rows left out"] == 2


def test_says_what_it_made(tmp_path, capsys):
    new_experiment(tmp_path, "images").repro("prepare")
    assert capsys.readouterr().err == (
        "prepare: 30 / 12 / 18 examples for train / validation / test, "
        "drawn anew for each of 3 replicates\n"
    )


def test_splits_that_take_long_are_told(tmp_path, capsys, monkeypatch):
    experiment = new_experiment(tmp_path / "experiment", "table")
    monkeypatch.setattr("depthgauge.artifacts.raw.MANY_SPLITS", 2)
    assert experiment.stage("prepare") == 0
    said = capsys.readouterr().err
    assert "replicates: the splits of 3 replicates are drawn, which takes a while\n" in said
