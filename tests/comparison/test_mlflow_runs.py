"""An MLflow store that other code has filled: read, compared, and tagged."""

import warnings

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.entities import Metric, Param, RunTag
from mlflow.tracking import MlflowClient

from depthgauge.comparison.group import group_runs
from depthgauge.comparison.mlflow_runs import open_client, read_runs
from depthgauge.comparison.mlflow_write import NOTE, PREFIX, TITLE, VERDICT, write_back
from depthgauge.comparison.result import find
from depthgauge.comparison.runs import Asked
from depthgauge.errors import InputError
from tests.comparison.runs import by_configuration, planted

NAME = 'Trees, it\'s "deep" & <b>_%'
FRAME = planted([1.2, 1.0, 1.4], seeds=5, sd=0.02)


# What MLflow and its dependencies deprecate among themselves.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with MLflow's own default store, as scripts leave it."""
    folder = tmp_path_factory.mktemp("a script's")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = MlflowClient(f"sqlite:///{folder / 'mlflow.db'}")
        experiment = client.create_experiment(NAME, tags={NOTE: "My own *words*."})
        for row in FRAME.to_dict("records"):
            params = {"depth": row["config.depth"], "random_state": row["config.seed"], "note": "|"}
            params["model_dir"] = f"/models/{row['run_id']}"
            metrics = {"test_mse": row["test_loss"], "train_mse": row["train_loss"]}
            log(client, experiment, params, metrics, steps=2)
        client.create_run(experiment)
        lossy = client.create_experiment("lossy")
        for lr in ("0.1", "0.10", "0.2"):
            for seed in range(12):
                value = float("nan") if (lr, seed) == ("0.2", 3) else seed + float(lr)
                metrics = {} if (lr, seed) == ("0.2", 4) else {"loss": value}
                log(client, lossy, {"lr": lr, "seed": f"{seed}{len(lr)}"}, metrics)
        cut = client.create_experiment("cut short")
        for lr in (1, 2):
            for seed in range(6):
                status = {(1, 4): "FAILED", (2, 5): "KILLED"}.get((lr, seed), "FINISHED")
                # The largest number there is: how the store keeps an infinite one.
                value = float("inf") if (lr, seed) == (1, 0) else lr + seed / 10
                log(client, cut, {"lr": lr, "seed": seed}, {"loss": value}, status=status)
        log(client, client.create_experiment("own"), {}, {}, tags={"depthgauge.kind": "point"})
        mlflow.tracking._get_store(f"sqlite:///{folder / 'mlflow.db'}").engine.dispose()
    return folder


def log(client, experiment, params, metrics, steps=1, tags=None, status="FINISHED"):
    """A run, the values of whose metrics come down to what is given."""
    run = client.create_run(experiment, tags={"team": "it's"} | (tags or {})).info.run_id
    for step in range(steps):
        more = steps - 1 - step
        client.log_batch(run, [Metric(k, v + more, 0, step) for k, v in metrics.items()])
    client.log_batch(run, params=[Param(key, str(value)) for key, value in params.items()])
    client.set_terminated(run, status)


def compared(client, name=NAME, query="", asked=None):
    asked = asked or Asked(order="depth")
    table = read_runs(client, name, query, asked)
    return table, find(table, group_runs(table, asked), asked)


def test_runs_are_those_that_were_logged(folder):
    with open_client(folder, {}, NAME) as client:
        table, found = compared(client)
    assert found.grouped.seed == ("random_state",)
    assert found.grouped.settings == ("depth",)
    np.testing.assert_allclose(found.grouped.values.mean(0), by_configuration(FRAME).mean(0))
    assert table.notes == ("1 run not ended yet: left out",)


def test_a_query_and_values_with_quotes(folder):
    query = "tags.team = \"it's\" and params.depth != '2'"
    with open_client(folder, {"MLFLOW_TRACKING_URI": ""}, None) as client:
        _, found = compared(client, None, query)
    assert [row.name for row in found.ranked] == ["depth=1", "depth=0"]


def test_the_verdicts_stand_in_the_store_once(folder):
    with open_client(folder, {}, NAME) as client:
        table, found = compared(client)
        assert write_back(client, table, found) == len(FRAME)
        note = client.get_experiment_by_name(NAME).tags[NOTE]
        assert write_back(client, *compared(client)) == 0
        assert client.get_experiment_by_name(NAME).tags[NOTE] == note
        assert note.startswith("My own *words*.")
        assert note.count(TITLE) == 1
        runs = client.search_runs(table.experiments, f"tags.`{VERDICT}` = 'best'")
        assert {run.data.params["depth"] for run in runs} == {"1"}


def test_tags_of_a_run_that_is_left_out_go(folder):
    with open_client(folder, {}, NAME) as client:
        table, found = compared(client)
        write_back(client, table, found)
        run = str(table.settings.index[0])
        client.log_batch(run, tags=[RunTag(f"{PREFIX}old", "1")])
        assert write_back(client, table, found) == 1
        assert f"{PREFIX}old" not in client.get_run(run).data.tags


def test_a_run_without_the_metric_and_one_that_diverged(folder):
    with open_client(folder, {}, "lossy") as client:
        _, found = compared(client, "lossy", asked=Asked())
    assert found.grouped.runs.tolist() == [24, 12]
    assert found.grouped.diverged.tolist() == [0, 1]
    assert found.grouped.absent.tolist() == [0, 1]


def test_runs_that_were_cut_short_and_those_that_are_infinite(folder):
    with open_client(folder, {}, "cut short") as client:
        table = read_runs(client, "cut short", "", Asked())
        all_of_them = read_runs(client, "cut short", "attributes.status != 'RUNNING'", Asked())
    grouped = group_runs(table, Asked())
    assert grouped.runs.tolist() == [5, 5]
    assert grouped.diverged.tolist() == [1, 0]
    assert any(note.startswith("2 runs FAILED or KILLED: left out") for note in grouped.notes)
    assert group_runs(all_of_them, Asked()).runs.tolist() == [6, 6]


def test_a_query_writes_to_the_experiments_of_its_runs_alone(folder):
    query = "tags.team = \"it's\" and params.depth != 'x'"
    with open_client(folder, {}, None) as client:
        table, found = compared(client, None, query)
        write_back(client, table, found)
        others = [e for e in client.search_experiments() if e.name != NAME]
        assert len(others) >= 3
        assert not any(key.startswith(PREFIX) or key == NOTE for e in others for key in e.tags)


def test_a_run_without_a_value_is_not_told_to_be_the_best(folder):
    with open_client(folder, {}, "lossy") as client:
        table, found = compared(client, "lossy", asked=Asked())
        write_back(client, table, found)
        told = [run.data for run in client.search_runs(table.experiments)]
    assert {data.tags[VERDICT] for data in told if not data.metrics} == {"no value"}
    assert "no value" not in {data.tags[VERDICT] for data in told if data.metrics}


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("nope", "", "has no experiment 'nope', and no such file; there are"),
        (NAME, "params.depth >", "MLflow: Invalid"),
        (NAME, "params.depth = 'x'", "holds no runs that have ended"),
    ],
)
def test_what_is_not_there_is_one_line(folder, name, query, said):
    with pytest.raises(InputError, match=said) as raised, open_client(folder, {}, name) as client:
        read_runs(client, name, query, Asked())
    assert "\n" not in str(raised.value)


def test_a_server_that_does_not_answer_is_one_line_without_its_password(tmp_path):
    dead = {"MLFLOW_TRACKING_URI": "http://me:secret@127.0.0.1:1"}
    with pytest.raises(InputError, match="MLflow: ") as raised, open_client(tmp_path, dead, "e"):
        pass
    assert "secret" not in str(raised.value)


def test_a_folder_without_a_store_stays_as_it_is(tmp_path):
    with pytest.raises(InputError, match="holds no MLflow store"), open_client(tmp_path, {}, "e"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_folders_of_files_are_read(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    client = MlflowClient((tmp_path / "mlruns").as_uri())
    experiment = client.create_experiment("old")
    for row in planted([1.0, 1.5], seeds=3).to_dict("records"):
        run = client.create_run(experiment).info.run_id
        client.log_param(run, "depth", row["config.depth"])
        client.log_param(run, "seed", row["config.seed"])
        client.log_metric(run, "loss", row["test_loss"])
        client.set_terminated(run)
    with open_client(tmp_path, {}, "old") as client:
        _, found = compared(client, "old", asked=Asked())
    assert found.apart == 1


def test_depthgauge_s_own_runs_are_better_read_from_their_folder(folder):
    with (
        pytest.raises(InputError, match="compare the folder of its experiment"),
        open_client(folder, {}, "own") as client,
    ):
        read_runs(client, "own", "", Asked())


def test_a_frame_that_mlflow_gives_is_as_the_store(folder):
    """mlflow.search_runs, with its columns params.*, metrics.*, tags.*."""
    from depthgauge.notebook.compare import compare

    uri = f"sqlite:///{folder / 'mlflow.db'}"
    experiment = MlflowClient(uri).get_experiment_by_name(NAME)
    # The default, set by name, would be the store of every test that comes later.
    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None
    mlflow.set_tracking_uri(uri)
    frame = mlflow.search_runs([experiment.experiment_id])
    mlflow.set_tracking_uri(before)
    assert isinstance(frame, pd.DataFrame)
    found = compare(frame[frame.status == "FINISHED"])
    assert found.best == "depth=1"
    with open_client(folder, {}, NAME) as client:
        told = compared(client)[1].ranked
    assert found.frame.worse_by.dropna().tolist() == pytest.approx([r.behind for r in told[1:]])
