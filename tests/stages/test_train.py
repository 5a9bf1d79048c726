"""Training again, going on after an interruption, and what divergence leaves behind."""

import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file

from depthgauge.artifacts.dataset import PREPARED, read_meta
from depthgauge.artifacts.runs import read_curves, read_test_losses
from depthgauge.statistics.stopping import stopped
from depthgauge.training import groups
from depthgauge.workflow import train_point as training
from tests.experiment import command, new_experiment, snapshot

FILES = {
    "curves.csv",
    "provenance.json",
    "stopping.csv",
    "test-losses.safetensors",
    "weights-last-0.safetensors",
    "weights-validation-0.safetensors",
}
# One core, so that groups train one after the other on any machine.
PROGRAM = """
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from depthgauge.training import groups
def told(*arguments):
    print("training", flush=True)
    return original(*arguments)
original, groups.train_group = groups.train_group, told
from depthgauge.cli import main
sys.exit(main(sys.argv[1:]))
"""


# Keeps where each group stands after every epoch.
EARLY = """
from depthgauge.artifacts import checkpoints
checkpoints.EVERY_S, checkpoints.COST = 0.0, 1e9
"""


def start(experiment, *arguments, program=PROGRAM):
    return subprocess.Popen(
        [sys.executable, "-c", program, "-C", str(experiment.folder), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_same_bytes_again(done):
    before = snapshot(done.results(1))
    assert set(before) == FILES
    shutil.rmtree(done.results(1))
    assert done.stage("train", 1) == 0
    assert snapshot(done.results(1)) == before


def test_same_bytes_in_another_process(done):
    before = snapshot(done.results(2))
    shutil.rmtree(done.results(2))
    process = start(done, *command("train", 2))
    assert process.communicate(timeout=60)[0] == "training\n"
    assert process.returncode == 0
    assert snapshot(done.results(2)) == before


def test_replicates_do_not_depend_on_their_number(copy_of):
    experiment = copy_of("series")
    few, few_rows = read_curves(experiment.results(1)), read_test_losses(experiment.results(1))
    experiment.set("replicates", 5).repro("prepare", "recipe")
    assert experiment.stage("train", 1) == 0
    many, many_rows = read_curves(experiment.results(1)), read_test_losses(experiment.results(1))
    for name, curve in few.items():
        np.testing.assert_array_equal(many[name][:3], curve)
    np.testing.assert_array_equal(many_rows[1]["last"][:3], few_rows[1]["last"])


def test_files_agree_with_each_other(done, kind):
    settings = done.settings
    curves = read_curves(done.results(1))
    rows, losses = read_test_losses(done.results(1))
    quantities = ("loss", "error") if kind == "images" else ("loss",)
    assert set(curves) == {f"{s}_{q}" for s in ("train", "validation", "test") for q in quantities}
    assert all(curve.shape == (3, settings.recipe.epochs) for curve in curves.values())
    stops = curves["validation_loss"].argmin(1)
    at_stop = np.take_along_axis(curves["test_loss"], stops[:, None], 1)[:, 0]
    np.testing.assert_allclose(losses["last"].mean(1), curves["test_loss"][:, -1], rtol=1e-5)
    np.testing.assert_allclose(losses["validation"].mean(1), at_stop, rtol=1e-5)
    assert rows.shape == losses["last"].shape
    weights = load_file(done.results(1) / "weights-last-0.safetensors")
    assert weights["0.weight"].shape == (
        3,
        4,
        read_meta(done.folder / PREPARED)["shapes"]["inputs"],
    )
    assert weights["2.bias"].shape == (3, 3 if kind == "images" else 1)


def test_no_place_or_time_in_the_files(done):
    for name in FILES:
        assert str(done.folder).encode() not in (done.results(1) / name).read_bytes()


def long_training(folder):
    experiment = new_experiment(folder, "series")
    experiment.set("points", [1]).set("replicates", 90).set("recipe.epochs", 250)
    experiment.repro("prepare", "recipe")
    return experiment


def test_goes_on_after_being_killed(tmp_path, monkeypatch):
    killed = long_training(tmp_path / "killed")
    partial = killed.folder / ".depthgauge/checkpoints/small"
    process = start(killed, *command("train", 1))
    until = time.monotonic() + 60
    while not list(partial.glob("*/*/*.npz")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.005)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not killed.results(1).exists()
    finished = set()
    for path in partial.glob("*/*/*.npz"):
        with np.load(path) as file:
            finished |= set(file["replicates"].tolist())
    assert 0 < len(finished) < 90

    trained = []
    original = groups.train_group

    def spy(job, replicates, *rest):
        trained.extend(replicates)
        return original(job, replicates, *rest)

    monkeypatch.setattr(groups, "train_group", spy)
    assert killed.stage("train", 1) == 0
    assert sorted(trained) == sorted(set(range(90)) - finished)
    assert not list(partial.iterdir())

    whole = long_training(tmp_path / "whole")
    assert whole.stage("train", 1) == 0
    assert snapshot(killed.results(1)) == snapshot(whole.results(1))


def test_goes_on_within_a_group(tmp_path, monkeypatch):
    """Killed before any group has finished: the epochs that were kept are not trained again."""
    killed = long_training(tmp_path / "killed")
    kept = killed.folder / ".depthgauge/checkpoints/small"
    process = start(killed, *command("train", 1), program=EARLY + PROGRAM)
    until = time.monotonic() + 60
    while not list(kept.glob("*/*/*.begun.npz")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.005)
    process.kill()
    process.communicate()
    epochs = {}
    for path in kept.glob("*/*/*.begun.npz"):
        with np.load(path) as file:
            epochs |= dict.fromkeys(file["replicates"].tolist(), int(file["epochs"][0]))
    assert epochs
    assert not list(kept.glob("*/*/*[0-9].npz"))

    trained = []
    original = groups.train_group

    def spy(job, replicates, on_epoch, begun, keep):
        def counted(epoch, curves):
            trained.extend((replicate, epoch) for replicate in replicates)
            on_epoch(epoch, curves)

        return original(job, replicates, counted, begun, keep)

    monkeypatch.setattr(groups, "train_group", spy)
    assert killed.stage("train", 1) == 0
    missing = {(r, e) for r in range(90) for e in range(epochs.get(r, 0) + 1, 251)}
    assert sorted(trained) == sorted(missing)

    whole = long_training(tmp_path / "whole")
    assert whole.stage("train", 1) == 0
    assert snapshot(killed.results(1)) == snapshot(whole.results(1))


def test_partial_work_of_other_settings_is_not_used(tmp_path, monkeypatch):
    experiment = new_experiment(tmp_path, "series")
    experiment.repro("prepare", "recipe")

    def stop(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(training, "write_runs", stop)
        assert experiment.stage("train", 1) == 130
    partial = experiment.folder / ".depthgauge/checkpoints"
    assert list(partial.rglob("*.npz"))
    experiment.set("recipe.optimizer.learning_rate", 0.02).repro("recipe")
    assert experiment.stage("train", 1) == 0
    # Nor kept: nobody would ever clean it.
    assert not list(partial.rglob("*.npz"))
    fresh = new_experiment(tmp_path / "fresh", "series").set("recipe.optimizer.learning_rate", 0.02)
    fresh.repro("prepare", "recipe")
    assert fresh.stage("train", 1) == 0
    assert snapshot(experiment.results(1)) == snapshot(fresh.results(1))


def test_interrupted_by_a_key(tmp_path):
    experiment = new_experiment(tmp_path, "images").set("recipe.epochs", 100_000)
    experiment.repro("prepare", "recipe")
    before = snapshot(experiment.folder)
    process = start(experiment, *command("train", 1))
    assert process.stdout.readline() == "training\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    # Training to the end would take many times as long as this waits.
    error = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert error.endswith("depthgauge: interrupted; the next run goes on from here\n")
    assert "Traceback" not in error
    assert snapshot(experiment.folder) == before


def test_one_replicate(experiment):
    experiment.set("replicates", 1).repro()
    found = experiment.threshold()["fixed"]
    for stopping in ("last", "validation"):
        assert found[stopping]["on_this_data"]["outcome"] == "cannot tell"
        assert found[stopping]["for_new_data"]["outcome"] == "cannot tell"
        assert found[stopping]["overfitting_threshold"] is None
        assert found[stopping]["stability"] is None
    assert "1 replicate cannot tell luck" in (experiment.folder / "results/answer.txt").read_text()


@pytest.mark.parametrize(("rate", "lost"), [(1e30, "every point"), (0.4, "some points")])
def test_diverging(tmp_path, rate, lost, capfd, recwarn):
    experiment = new_experiment(tmp_path, "series")
    experiment.set("recipe.loss", "mse").set("recipe.optimizer.name", "sgd")
    experiment.set("recipe.optimizer.learning_rate", rate).set("recipe.epochs", 40)
    experiment.set("points", [0, 1, 6]).set("recipe.network.initialisation", "kaiming_normal")
    experiment.set("recipe.network.width", 30)
    experiment.repro()
    out, error = capfd.readouterr()
    assert "Warning" not in error
    assert "Traceback" not in error
    assert "diverged" in error
    verdicts = [line.split(",")[-2] for line in points_table(experiment)[1:]]
    assert "diverged" in verdicts
    if lost == "every point":
        assert set(verdicts) == {"diverged"}
        assert out.count("cannot tell: too many replicates diverged at every depth") == 4
        assert experiment.threshold()["fixed"]["last"]["best"] is None
    else:
        assert "best" in verdicts
        assert "inf" not in "".join(points_table(experiment))
    assert not len(recwarn)


def points_table(experiment):
    return (experiment.folder / "results/points.csv").read_text().splitlines()


def test_one_diverged_replicate_is_left_out_and_counted(copy_of, monkeypatch):
    experiment = copy_of("images")
    before = read_curves(experiment.results(1))
    original = groups.train_group

    def spoiled(job, replicates, *rest):
        group = original(job, replicates, *rest)
        for curve in group.curves.values():
            curve[replicates.index(1)] = np.nan
        return replace(group, stopped=stopped(group.curves))

    monkeypatch.setattr(groups, "train_group", spoiled)
    assert experiment.stage("train", 1) == 0
    after = read_curves(experiment.results(1))
    for name, curve in before.items():
        np.testing.assert_array_equal(after[name][[0, 2]], curve[[0, 2]])
        assert np.isnan(after[name][1]).all()
    assert experiment.stage("evaluate") == 0
    header, *lines = points_table(experiment)
    place = header.split(",").index("finite_replicates")
    assert [line.split(",")[place] for line in lines] == ["3", "2", "3"] * 2
