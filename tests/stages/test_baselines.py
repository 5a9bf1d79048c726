"""The stage, and what evaluate makes of what it measured."""

import json

import numpy as np
import pytest
from scipy import stats

from depthgauge.artifacts.baselines import BASELINES, read_baselines
from depthgauge.artifacts.code import code_text
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.stages import baselines as stage
from depthgauge.training.baselines import TREES
from tests.experiment import new_experiment, snapshot

NAIVE = {"images": {"class_frequencies"}, "series": {"constant", "persistence"}}


def bytes_of(experiment):
    return (experiment.folder / BASELINES).read_bytes()


@pytest.mark.parametrize("cores", [1, 2, 5])
def test_same_bytes_again_and_with_any_number_of_processes(copy_of, kind, monkeypatch, cores):
    experiment = copy_of(kind)
    before = snapshot(experiment.folder)
    monkeypatch.setattr(stage, "cores", lambda: cores)
    assert experiment.stage("baselines") == 0
    assert snapshot(experiment.folder) == before


def test_what_there_is(done, kind):
    found = read_baselines(done.folder, done.settings)
    assert set(found) == {TREES, *NAIVE.get(kind, {"constant"})}
    splits = 1 if kind == "series" else 3
    metrics = {*done.content["metrics"]}
    for quantities in found.values():
        assert metrics | {"loss"} <= set(quantities)
        for of_split in quantities.values():
            assert {len(values) for values in of_split.values()} == {splits}


def test_labels_have_the_noise_that_training_sees(tmp_path, monkeypatch):
    experiment = new_experiment(tmp_path / "noisy", "images").set("data.label_noise", 0.4)
    experiment.repro("prepare")
    seen = []
    told = stage.fit_trees

    def watched(dataset, number, seed, tell):
        seen.append(dataset.train_targets[number])
        return told(dataset, number, seed, tell)

    monkeypatch.setattr(stage, "cores", lambda: 1)
    monkeypatch.setattr(stage, "fit_trees", watched)
    assert experiment.stage("baselines") == 0
    assert len(seen) == 3


def test_the_first_look_decides_how_many_splits(tmp_path):
    experiment = new_experiment(tmp_path / "planned", "images").set("replicates", [4, 6])
    experiment.repro("prepare", "baselines")
    found = read_baselines(experiment.folder, experiment.settings)
    assert {len(q["loss"]["test"]) for q in found.values()} == {4}
    # Another second look is other data to the files, and the same numbers.
    before = json.loads(bytes_of(experiment))["baselines"]
    experiment.set("replicates", [4, 7]).repro("prepare", "baselines")
    assert json.loads(bytes_of(experiment))["baselines"] == before


def test_progress_is_told(tmp_path, monkeypatch, capsys):
    experiment = new_experiment(tmp_path / "images", "images")
    experiment.repro("prepare")
    monkeypatch.setattr("depthgauge.progress.LINE_EVERY_S", 0.0)
    capsys.readouterr()
    assert experiment.stage("baselines") == 0
    told = capsys.readouterr().err
    assert "baselines: 1 of 3 models of gradient-boosted trees, about " in told
    assert "baselines: test loss of class frequencies " in told


def test_no_prepared_data_or_others(copy_of, refused):
    experiment = copy_of("images")
    said = refused(experiment.set("seed", 1), "baselines")
    assert said == "data/prepared/meta.json: seed: made with 0, now 1; run `dvc repro`"


def test_evaluate_refuses_baselines_that_are_missing_or_of_another_loss(copy_of, refused):
    experiment = copy_of("series")
    (experiment.folder / BASELINES).unlink()
    assert refused(experiment, "evaluate") == f"{BASELINES}: no such file; run `dvc repro`"
    experiment = copy_of("series", "other")
    content = json.loads(bytes_of(experiment))
    content["made_from"]["loss"]["name"] = "mse"
    (experiment.folder / BASELINES).write_text(json.dumps(content))
    assert refused(experiment, "evaluate") == (
        f"{BASELINES}: loss: made with {{'name': 'mse'}}, now {{'name': 'mae'}}; run `dvc repro`"
    )


def curves(experiment, point, column):
    """(R,) of the last epoch, from curves.csv."""
    lines = (experiment.results(point) / "curves.csv").read_text().splitlines()
    names = lines[0].split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines[1:]]
    last = max(int(row["epoch"]) for row in rows)
    return np.array([float(row[column]) for row in rows if int(row["epoch"]) == last])


def test_the_difference_is_paired_replicate_by_replicate(tmp_path, kind):
    """With the network to use, against scipy, from the files alone."""
    experiment = new_experiment(tmp_path / "one", kind).set("points", [1]).set("replicates", 6)
    experiment.set("metrics", [])
    experiment.repro()
    verdicts = read_verdicts(experiment.folder, experiment.settings)
    assert (verdicts.choice.recipe, verdicts.choice.point) == ("fixed", 1)
    found = read_baselines(experiment.folder, experiment.settings)
    told = {b.name: b for b in verdicts.baselines if b.quantity == "loss"}
    assert set(told) == set(found)
    for name, quantities in found.items():
        estimate = told[name].estimates["train"].mean
        assert estimate == pytest.approx(quantities["loss"]["train"].mean())
        if verdicts.choice.stopping != "last":
            continue
        theirs = quantities["loss"]["test"]
        own = curves(experiment, 1, "test_loss")
        around = stats.ttest_rel(own, np.broadcast_to(theirs, own.shape)).confidence_interval(0.95)
        assert told[name].difference.interval.low == pytest.approx(around.low, rel=1e-6)
        assert told[name].difference.interval.high == pytest.approx(around.high, rel=1e-6)
    others = {b.quantity for b in verdicts.baselines}
    assert others == ({"loss", "accuracy"} if kind == "images" else {"loss"})


def test_answer_txt_says_whether_a_network_is_worth_it(finished, kind):
    lines = (finished(kind).folder / "results/answer.txt").read_text().splitlines()
    said = lines[lines.index("Baselines:") + 1 :]
    assert said
    assert all(line.startswith("  ") and line.endswith(".") for line in said)
    assert any("radient-boosted trees with scikit-learn's defaults" in line for line in said)


def test_its_code_is_no_networks(copy_of):
    """Another network, optimizer or axis fits nothing again; another loss or metric does."""
    text = code_text("baselines", copy_of("table").settings)
    names = [line.split(" ")[0] for line in text.splitlines()]
    others = ("training/networks/", "training/optimizers/", "axes/", "search/", "statistics/")
    assert not [name for name in names if name.startswith(others)]
    assert {"training/losses/mae.py", "training/metrics/r2.py", "sklearn"} <= set(names)
