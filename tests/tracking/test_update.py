"""`track` against a real sqlite store."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from depthgauge.errors import InputError
from depthgauge.tracking import contents, writer
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store, find_store
from depthgauge.tracking.update import bring_up_to_date
from tests.tracking import fake
from tests.tracking.conftest import KilledError, Runs, Track, git, killing, outline, silent


def test_a_run_for_each_point_and_replicate_and_a_summary(
    folder: Path, track: Track, runs: Runs
) -> None:
    for point in (0, 1):
        fake.write_point(folder, point)
    fake.write_summary(folder, (0, 1))

    tracked = track(fake.expected(0, 1))

    assert [run.name for run in tracked] == ["fixed depth 0", "fixed depth 1", "summary"]
    parents = {run.info.run_id: run for run in runs("point")}
    assert {run.run_id for run in tracked[:2]} == set(parents)
    children = runs("replicate")
    assert len(children) == 6
    for parent in parents:
        mine = [run for run in children if run.data.tags[contents.PARENT] == parent]
        assert {run.info.run_name for run in mine} == {f"replicate {r}" for r in range(3)}
    statuses = {run.info.status for kind in ("point", "replicate", "summary") for run in runs(kind)}
    assert statuses == {"FINISHED"}


def test_a_parent_holds_settings_mean_curves_both_stoppings_data_and_weights(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    values = fake.losses(1)
    fake.write_point(folder, 1, values)
    track(fake.expected(1))

    (run,) = runs("point")
    settings = {key: str(value) for key, value in fake.SETTINGS.items()}
    assert run.data.params == {**settings, "recipe": "fixed", "depth": "1"}
    assert [(one.dataset.name, one.dataset.digest) for one in run.inputs.dataset_inputs] == [
        ("digits", "d" * 36)
    ]
    with open_store(store, silent) as client:
        curve = client.get_metric_history(run.info.run_id, "test_loss")
        artifacts = {item.path for item in client.list_artifacts(run.info.run_id)}
    assert [point.step for point in curve] == list(range(1, 13))
    # Over time, too, it is a curve.
    assert len({point.timestamp for point in curve}) == 12
    np.testing.assert_allclose([point.value for point in curve], values[:, :, 2].mean(axis=0))
    best = values[:, :, 1].argmin(axis=1)
    stopped = values[np.arange(3), best, 2]
    assert run.data.metrics["validation/test_loss_mean"] == pytest.approx(stopped.mean())
    error = np.std(values[:, -1, 0], ddof=1) / np.sqrt(3)
    assert run.data.metrics["last/train_loss_standard_error"] == pytest.approx(error)
    weights = {"weights-last.safetensors", "weights-validation.safetensors"}
    assert artifacts == weights | {"curves.csv", "metrics.csv", "provenance.json"}


def test_a_summary_holds_the_answers_the_table_and_the_figure(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    for point in (0, 1):
        fake.write_point(folder, point)
    fake.write_summary(folder, (0, 1))
    track(fake.expected(0, 1))

    (run,) = runs("summary")
    assert run.data.metrics["fixed/last/best"] == 1
    assert run.data.metrics["fixed/last/on_this_data/interval/1"] == 0.2
    assert run.data.tags["depthgauge.result.fixed/last/overfitting_threshold"] == "none"
    assert run.data.tags[contents.NOTE].startswith("fixed recipe:  \n  Depth 1 is best.")
    with open_store(store, silent) as client:
        curve = client.get_metric_history(run.info.run_id, "fixed/last/by point/test_loss")
        artifacts = {item.path for item in client.list_artifacts(run.info.run_id)}
    assert [(point.step, point.value) for point in curve] == [(0, 0.5), (1, 1.5)]
    assert artifacts == {"points.csv", "threshold.json", "answer.txt"} | {
        "loss-by-depth.svg",
        "index.html",
    }


def test_final_metrics_are_means_over_the_replicates_that_did_not_diverge(
    folder: Path, track: Track, runs: Runs
) -> None:
    values = fake.losses(1)
    values[0, 3, 0] = np.inf
    fake.write_point(folder, 1, values)
    track(fake.expected(1))

    (run,) = runs("point")
    assert run.data.metrics["last/test_rmse_mean"] == 15
    assert run.data.metrics["validation/test_rmse_mean"] == 14


def test_verdicts_are_tags_of_the_points_and_follow_points_csv(
    folder: Path, track: Track, runs: Runs
) -> None:
    fake.write_point(folder, 1)
    fake.write_summary(folder, (1,))
    track(fake.expected(1))
    (run,) = runs("point")
    assert run.data.tags["last/verdict"] == "overfits"
    assert run.data.tags["last/verdict_for_new_data"] == "best"

    fake.write_summary(folder, (1,), verdict="no rise resolved")
    tracked = track(fake.expected(1))

    assert [run.added for run in tracked] == [False, True]
    (again,) = runs("point")
    assert again.info.run_id == run.info.run_id
    assert again.data.tags["last/verdict"] == "no rise resolved"
    note = again.data.tags[contents.NOTE]
    assert note.startswith("All 3 replicates of the fixed recipe, 1 hidden layer, ")
    assert note.count("Verdicts") == 1
    assert note.endswith("after the last epoch: no rise resolved on this data, best for new data.")


def test_the_experiment_says_what_it_asks_and_links_its_runs(
    folder: Path, store: Store, track: Track
) -> None:
    fake.write_point(folder, 1)
    track(fake.expected(1))
    with open_store(store, silent) as client:
        first = client.get_experiment_by_name("digits")
    fake.write_summary(folder, (1,))
    track(fake.expected(1))
    with open_store(store, silent) as client:
        second = client.get_experiment_by_name("digits")

    note = first.tags[contents.NOTE]
    assert "`digit` of `digits.csv`" in note
    assert "**Answer.** none yet" in note
    assert "**Answer.** fixed recipe:" in second.tags[contents.NOTE]
    key = re.search(rf"#/experiments/{first.experiment_id}/runs\?viewStateShareKey=(\w+)", note)
    assert key is not None
    view = json.loads(first.tags[f"mlflow.sharedViewState.{key[1]}"])
    assert "tags.`last/verdict`" in view["selectedColumns"]


def test_twice_adds_nothing(folder: Path, track: Track, runs: Runs) -> None:
    fake.write_point(folder, 1)
    fake.write_summary(folder, (1,))
    first = track(fake.expected(1))
    before = outline(runs)

    second = track(fake.expected(1))

    assert [run.added for run in first] == [True, True]
    assert [run.added for run in second] == [False, False]
    assert [run.run_id for run in first] == [run.run_id for run in second]
    assert outline(runs) == before


def test_a_lost_database_is_made_again_with_the_same_runs(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    fake.write_point(folder, 1)
    fake.write_summary(folder, (1,))
    track(fake.expected(1))
    before = outline(runs)
    assert store.database is not None
    store.database.unlink()
    assert store.artifacts is not None
    shutil.rmtree(store.artifacts)

    track(fake.expected(1))

    assert outline(runs) == before


@pytest.mark.parametrize("killed_at", range(18))
def test_killed_half_way_is_completed_and_never_doubled(
    folder: Path,
    track: Track,
    runs: Runs,
    monkeypatch: pytest.MonkeyPatch,
    killed_at: int,
) -> None:
    """Every call to the store may be the last one; a point with 3 replicates takes 18."""
    fake.write_point(folder, 1)
    with killing(monkeypatch, killed_at), pytest.raises(KilledError):
        track(fake.expected(1))

    (tracked,) = track(fake.expected(1))

    assert tracked.added
    (parent,) = runs("point")
    children = runs("replicate")
    assert parent.info.status == "FINISHED"
    assert sorted(run.info.run_name for run in children) == [f"replicate {r}" for r in range(3)]
    assert {run.info.status for run in children} == {"FINISHED"}
    with_all = [run for run in children if "validation/test_loss" in run.data.metrics]
    assert len(with_all) == 3


def test_a_changed_result_is_a_new_run_and_the_old_one_stays(
    folder: Path, track: Track, runs: Runs
) -> None:
    fake.write_point(folder, 1)
    fake.write_summary(folder, (1,))
    (old, old_summary) = track(fake.expected(1))
    fake.write_point(folder, 1, fake.losses(2))

    (new, new_summary) = track(fake.expected(1))

    assert (new.added, new_summary.added) == (True, True)
    current = {run.info.run_id: run.data.tags[contents.CURRENT] for run in runs("point")}
    assert current == {old.run_id: "false", new.run_id: "true"}
    current = {run.info.run_id: run.data.tags[contents.CURRENT] for run in runs("summary")}
    assert current == {old_summary.run_id: "false", new_summary.run_id: "true"}

    fake.write_point(folder, 1)
    (again, _) = track(fake.expected(1))
    assert (again.run_id, again.added) == (old.run_id, False)
    current = {run.info.run_id: run.data.tags[contents.CURRENT] for run in runs("point")}
    assert current == {old.run_id: "true", new.run_id: "false"}


def test_what_was_left_half_way_and_then_changed_is_not_left_running(
    folder: Path, track: Track, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.write_point(folder, 1)
    with monkeypatch.context() as patch:
        patch.setattr(writer, "write_child", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            track(fake.expected(1))
    fake.write_point(folder, 1, fake.losses(2))

    track(fake.expected(1))

    assert sorted(run.info.status for run in runs("point")) == ["FINISHED", "KILLED"]


def test_points_that_are_not_trained_yet_are_left_out_and_so_is_the_summary(
    folder: Path, track: Track, runs: Runs
) -> None:
    fake.write_point(folder, 0)
    fake.write_point(folder, 1)
    (folder / "results" / "train" / "fixed-1" / "test-losses.parquet").unlink()
    fake.write_summary(folder, (0, 1))

    tracked = track(fake.expected(0, 1, 2))

    assert [run.name for run in tracked] == ["fixed depth 0"]
    assert runs("summary") == []


def test_a_diverged_replicate_has_failed_and_no_number_that_is_none(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    values = fake.losses(1)
    values[1, 4:, :] = np.inf
    values[2, 11, 0] = np.nan
    fake.write_point(folder, 1, values)
    track(fake.expected(1))

    status = {run.info.run_name: run for run in runs("replicate")}
    assert status["replicate 0"].info.status == "FINISHED"
    for name, epoch in (("replicate 1", 5), ("replicate 2", 12)):
        run = status[name]
        assert run.info.status == "FAILED"
        assert run.data.tags["diverged"] == "true"
        assert run.data.metrics["diverged_at_epoch"] == epoch
    (parent,) = runs("point")
    assert parent.data.metrics["diverged"] == 2
    assert parent.data.metrics["test_loss"] == pytest.approx(values[0, -1, 2])
    every = [value for run in [*status.values(), parent] for value in run.data.metrics.values()]
    assert max(every) < 1e6


def test_the_commit_and_whether_the_source_was_dirty(
    folder: Path, track: Track, runs: Runs
) -> None:
    fake.write_point(folder, 1)
    (folder / "dvc.lock").write_text("made by the pipeline\n")
    track(fake.expected(1))
    (folder / "source.py").write_text("changed\n")
    fake.write_point(folder, 2)
    track(fake.expected(1, 2))

    tags = {run.info.run_name: run.data.tags for run in runs("point")}
    head = git(folder, "rev-parse", "HEAD")
    assert {one["mlflow.source.git.commit"] for one in tags.values()} == {head}
    assert tags["fixed depth 1"]["depthgauge.source_dirty"] == "false"
    assert tags["fixed depth 2"]["depthgauge.source_dirty"] == "true"


def test_a_repository_that_was_copied_leaves_the_first_one_alone(
    folder: Path, store: Store, track: Track, tmp_path: Path
) -> None:
    fake.write_point(folder, 1)
    track(fake.expected(1))
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert store.artifacts is not None
    shutil.rmtree(store.artifacts)
    fake.write_point(copy, 1, fake.losses(2))

    own = find_store(copy, {})
    bring_up_to_date(copy, "digits", fake.expected(1), own, 5, silent)

    assert not store.artifacts.exists()
    assert own.artifacts is not None
    assert list(own.artifacts.rglob("curves.csv"))


def test_result_files_that_cannot_be_read_are_named(folder: Path, track: Track) -> None:
    trained = fake.write_point(folder, 1)
    lines = (trained / "curves.csv").read_text().splitlines(keepends=True)
    (trained / "curves.csv").write_text("".join(lines[:-1]))
    with pytest.raises(InputError, match=r"curves\.csv: is not the file"):
        track(fake.expected(1))


TRACK = """
import sys
from pathlib import Path
from depthgauge.tracking.store import find_store
from depthgauge.tracking.update import bring_up_to_date
from tests.tracking import fake
folder = Path(sys.argv[1])
bring_up_to_date(folder, "digits", fake.expected(0, 1), find_store(folder, {}), 5, print)
"""


def test_processes_at_the_same_time_on_a_new_store_add_each_run_once(
    folder: Path, store: Store, runs: Runs
) -> None:
    for point in (0, 1):
        fake.write_point(folder, point)
    assert store.database is not None
    store.database.unlink()
    command = [sys.executable, "-c", TRACK, str(folder)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        _, complaint = process.communicate(timeout=120)
        assert (process.returncode, complaint) == (0, "")

    assert len(runs("point")) == 2
    assert len(runs("replicate")) == 6
