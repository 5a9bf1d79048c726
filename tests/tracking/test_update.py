"""`track` against a real sqlite store."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from depthgauge.errors import InputError
from depthgauge.statistics.verdicts import Verdict
from depthgauge.tracking import runs as run_contents
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store, find_store
from depthgauge.tracking.update import bring_up_to_date
from tests.tracking import fake
from tests.tracking.conftest import KilledError, Runs, Track, git, killing, silent


def test_a_run_for_each_point_and_replicate_and_a_summary(
    folder: Path, track: Track, runs: Runs
) -> None:
    for point in (0, 1):
        fake.write_point(folder, point)
    fake.write_summary(folder, (0, 1))

    tracked = track(fake.settings(0, 1))

    assert [run.name for run in tracked] == ["fixed depth 0", "fixed depth 1", "summary"]
    parents = {run.info.run_id: run for run in runs("point")}
    assert {run.run_id for run in tracked[:2]} == set(parents)
    children = runs("replicate")
    assert len(children) == 6
    for parent in parents:
        mine = [run for run in children if run.data.tags[run_contents.PARENT] == parent]
        assert {run.info.run_name for run in mine} == {f"replicate {r}" for r in range(3)}
    statuses = {run.info.status for kind in ("point", "replicate", "summary") for run in runs(kind)}
    assert statuses == {"FINISHED"}


def test_a_parent_holds_settings_mean_curves_both_stoppings_data_and_weights(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    values = fake.losses(1)
    fake.write_point(folder, 1, values)
    track(fake.settings(1))

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
    weights = {"weights-last-0.safetensors", "weights-validation-0.safetensors"}
    assert artifacts == weights | {"curves.csv", "stopping.csv", "provenance.json"}


def test_a_summary_holds_the_answers_the_table_and_the_figure(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    for point in (0, 1):
        fake.write_point(folder, point)
    fake.write_summary(folder, (0, 1))
    track(fake.settings(0, 1))

    (run,) = runs("summary")
    assert run.data.metrics["fixed/last/best"] == 1
    assert run.data.metrics["fixed/validation/stability"] == 0.75
    said = "depthgauge.result.fixed/last/on_this_data"
    assert run.data.tags[f"{said}/threshold"] == "none"
    assert run.data.tags[f"{said}/outcome"] == "none resolved"
    assert run.data.tags[run_contents.DESCRIPTION].startswith("Depth 1 is best.  \nfixed recipe:")
    with open_store(store, silent) as client:
        curve = client.get_metric_history(run.info.run_id, "fixed/last/by point/test_loss")
        artifacts = {item.path for item in client.list_artifacts(run.info.run_id)}
    assert [(point.step, point.value) for point in curve] == [(0, 0.5), (1, 1.5)]
    assert artifacts == {
        *("points.csv", "metric-points.csv", "threshold.json", "answer.txt", "verdicts.json"),
        *("loss-by-depth.svg", "index.html"),
    }


def test_verdicts_are_tags_of_the_points_and_follow_evaluate(
    folder: Path, track: Track, runs: Runs
) -> None:
    for point in (1, 2):
        fake.write_point(folder, point)
    fake.write_summary(folder, (1, 2))
    track(fake.settings(1, 2))
    before = {run.info.run_name: run for run in runs("point")}
    tags = {name: run.data.tags["last/verdict"] for name, run in before.items()}
    assert tags == {"fixed depth 1": "best", "fixed depth 2": "no rise resolved"}

    fake.write_summary(folder, (1, 2), verdict=Verdict.CANNOT_TELL)
    tracked = track(fake.settings(1, 2))

    assert [run.added for run in tracked] == [False, False, True]
    after = {run.info.run_name: run for run in runs("point")}["fixed depth 2"]
    assert after.info.run_id == before["fixed depth 2"].info.run_id
    assert after.data.tags["last/verdict"] == "cannot tell"
    assert after.data.tags["validation/verdict_for_new_data"] == "cannot tell"
    note = after.data.tags[run_contents.DESCRIPTION]
    assert note.startswith("All 3 replicates of the fixed recipe, 2 hidden layers, ")
    assert note.count("Verdicts") == 1
    assert "after the last epoch: cannot tell on this data, cannot tell for new data;" in note


def test_metrics_are_logged_when_evaluate_has_measured_them_and_follow_it(
    folder: Path, track: Track, runs: Runs
) -> None:
    """After the point was logged, and anew; a replicate may have none."""
    fake.write_point(folder, 1)
    track(fake.settings(1))
    assert "last/test_r2_mean" not in runs("point")[0].data.metrics
    for r2 in ([0.5, np.nan, 1.0], [0.25, np.nan, 0.75]):
        fake.write_summary(folder, (1,), r2=r2)
        track(fake.settings(1))
        (point,) = runs("point")
        children = sorted(runs("replicate"), key=lambda run: run.info.run_name)
        found = [run.data.metrics.get("last/test_r2") for run in children]
        assert found == [r2[0], None, r2[2]]
        assert point.data.metrics["last/test_r2_mean"] == (r2[0] + r2[2]) / 2


def test_metrics_that_are_there_already_come_with_their_point(
    folder: Path, track: Track, runs: Runs
) -> None:
    fake.write_point(folder, 1)
    fake.write_summary(folder, (1,))
    track(fake.settings(1))
    assert sorted(run.data.metrics["last/test_r2"] for run in runs("replicate")) == [
        0.25,
        0.5,
        0.75,
    ]


def test_the_experiment_says_what_it_asks_and_answers(
    folder: Path, store: Store, track: Track
) -> None:
    def description() -> str:
        with open_store(store, silent) as client:
            return client.get_experiment_by_name("digits").tags[run_contents.DESCRIPTION]

    fake.write_point(folder, 1)
    track(fake.settings(1))
    assert "`label` of `data/raw/table.csv` (classification)" in description()
    assert "**Answer.** none yet" in description()
    fake.write_summary(folder, (1,))
    track(fake.settings(1))
    assert "**Answer.** Depth 1 is best." in description()


def test_a_summary_is_of_its_points(folder: Path, track: Track, runs: Runs) -> None:
    fake.write_point(folder, 1)
    fake.write_summary(folder, (1,))
    (_, old) = track(fake.settings(1))
    assert [run.added for run in track(fake.settings(1))] == [False, False]
    fake.write_point(folder, 1, fake.losses(2))
    (_, new) = track(fake.settings(1))

    current = {run.info.run_id: run.data.tags[run_contents.CURRENT] for run in runs("summary")}
    assert current == {old.run_id: "false", new.run_id: "true"}


def test_what_was_left_half_way_and_then_changed_is_not_left_running(
    folder: Path, track: Track, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.write_point(folder, 1)
    with killing(monkeypatch, 8), pytest.raises(KilledError):
        track(fake.settings(1))
    fake.write_point(folder, 1, fake.losses(2))

    track(fake.settings(1))

    assert sorted(run.info.status for run in runs("point")) == ["FINISHED", "KILLED"]


def test_points_that_are_not_trained_yet_are_left_out_and_so_is_the_summary(
    folder: Path, track: Track, runs: Runs
) -> None:
    fake.write_point(folder, 0)
    fake.write_point(folder, 1)
    (folder / "results" / "train" / "fixed-1" / "test-losses.safetensors").unlink()
    fake.write_summary(folder, (0, 1))

    tracked = track(fake.settings(0, 1, 2))

    assert [run.name for run in tracked] == ["fixed depth 0"]
    assert runs("summary") == []


def test_a_diverged_replicate_has_failed_and_no_number_that_is_none(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    values = fake.losses(1)
    values[1, 4:, :] = np.inf
    values[2, 11, 0] = np.nan
    fake.write_point(folder, 1, values)
    track(fake.settings(1))

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
    track(fake.settings(1))
    (folder / "source.py").write_text("changed\n")
    fake.write_point(folder, 2)
    track(fake.settings(1, 2))

    tags = {run.info.run_name: run.data.tags for run in runs("point")}
    head = git(folder, "rev-parse", "HEAD")
    assert {one["mlflow.source.git.commit"] for one in tags.values()} == {head}
    assert tags["fixed depth 1"]["depthgauge.source_dirty"] == "false"
    assert tags["fixed depth 2"]["depthgauge.source_dirty"] == "true"


def test_a_repository_that_was_copied_leaves_the_first_one_alone(
    folder: Path, store: Store, track: Track, tmp_path: Path
) -> None:
    fake.write_point(folder, 1)
    track(fake.settings(1))
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert store.artifacts is not None
    shutil.rmtree(store.artifacts)
    fake.write_point(copy, 1, fake.losses(2))

    own = find_store(copy, {})
    bring_up_to_date(copy, fake.settings(1), own, silent)

    assert not store.artifacts.exists()
    assert own.artifacts is not None
    assert list(own.artifacts.rglob("curves.csv"))


def test_result_files_that_cannot_be_read_are_named(folder: Path, track: Track) -> None:
    trained = fake.write_point(folder, 1)
    lines = (trained / "curves.csv").read_text().splitlines(keepends=True)
    (trained / "curves.csv").write_text("".join(lines[:-1]))
    with pytest.raises(InputError, match=r"curves\.csv: is not the file"):
        track(fake.settings(1))


TRACK = """
import sys
from pathlib import Path
from depthgauge.tracking.store import find_store
from depthgauge.tracking.update import bring_up_to_date
from tests.tracking import fake
folder = Path(sys.argv[1])
bring_up_to_date(folder, fake.settings(0, 1), find_store(folder, {}), print)
"""


@pytest.mark.slow
def test_processes_at_the_same_time_on_a_new_store_add_each_run_once(
    folder: Path, store: Store, runs: Runs
) -> None:
    for point in (0, 1):
        fake.write_point(folder, point)
    assert store.database is not None
    store.database.unlink()
    command = [sys.executable, "-c", TRACK, str(folder)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in processes:
        _, complaint = process.communicate(timeout=300)
        assert (process.returncode, complaint) == (0, "")

    assert len(runs("point")) == 2
    assert len(runs("replicate")) == 6
