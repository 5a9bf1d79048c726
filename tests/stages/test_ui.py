"""ui: the page that is told, and the server that takes the place of the command."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import mlflow
import pytest

from depthgauge.tracking import ui
from depthgauge.tracking.store import find_store
from tests.tracking import fake


@pytest.fixture
def started(monkeypatch):
    """The command of the server, in place of which it would run."""
    calls = []
    monkeypatch.setattr(ui.os, "execv", lambda program, command: calls.append(command))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    # Set there, and taken away again after the test.
    monkeypatch.setenv("MLFLOW_BACKEND_STORE_URI", "")
    monkeypatch.setenv("PYTHONWARNINGS", "")
    return calls


@pytest.fixture
def free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.mark.parametrize("kind", ["images"])
def test_the_page_lists_points_and_studies_and_no_replicates(done, started, free, capsys):
    """The store is made where there is none; the address leads to the runs that are current."""
    assert done.run("ui", "--port", free) == 0
    address = capsys.readouterr().err.splitlines()[-1]
    assert address.startswith(f"small: http://127.0.0.1:{free}/#/experiments/")
    page = urlsplit(urlsplit(address.partition(": ")[2]).fragment)
    store = find_store(done.folder, {})
    client = mlflow.MlflowClient(store.uri)
    experiment = client.get_experiment_by_name("small")
    assert page.path == f"/experiments/{experiment.experiment_id}/runs"
    view = {name: value for name, (value,) in parse_qs(page.query).items()}
    assert view["workflowType"] == "machine_learning"
    found = client.search_runs([experiment.experiment_id], view["searchFilter"])
    names = {run.info.run_name for run in found}
    assert names == {*(f"fixed depth {point}" for point in done.content["points"]), "summary"}
    (command,) = started
    assert command[:4] == [sys.executable, "-c", ui.MLFLOW, "ui"]
    assert os.environ["MLFLOW_BACKEND_STORE_URI"] == store.uri
    assert command[command.index("--host") + 1] == "127.0.0.1"


@pytest.mark.parametrize("kind", ["images"])
def test_a_port_in_use(done, started, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert done.run("ui", "--port", port) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert (
        said
        == f"depthgauge: --port {port}: cannot be used (Address already in use); name another one"
    )
    assert started == []


def test_a_store_that_is_a_server_has_an_address(tmp_path, started):
    told = []
    store = find_store(tmp_path, {"MLFLOW_TRACKING_URI": "http://me:secret@localhost:9/"})
    ui.serve(store, 5000, told.append)
    assert told == ["http://localhost:9"]
    assert started == []


def test_a_folder_of_any_name_is_one_argument(tmp_path, started, free):
    folder = tmp_path / "a [b] & c's"
    fake.write_point(folder, 1)
    ui.serve(find_store(folder, {}), int(free), lambda _: None)
    assert len(started) == 1
    address = os.environ["MLFLOW_BACKEND_STORE_URI"]
    assert address == f"sqlite:///{folder}/.depthgauge/mlflow.db"


def test_no_password_is_in_the_list_of_processes(tmp_path, started, free):
    store = find_store(tmp_path, {"MLFLOW_TRACKING_URI": "postgresql://me:s%40cret@localhost/x"})
    told = []
    ui.serve(store, int(free), told.append)
    (command,) = started
    assert "cret" not in " ".join([*command, *told])
    assert os.environ["MLFLOW_BACKEND_STORE_URI"] == store.uri


def test_ctrl_c_while_mlflow_is_imported_is_no_traceback():
    command = [sys.executable, "-c", f"print(flush=True); {ui.MLFLOW}", "--version"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout.readline() == "\n"
        # It takes seconds.
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == -signal.SIGINT
