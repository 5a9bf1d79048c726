"""ui: the page that is told, and the server that takes the place of the command."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import mlflow
import pytest

from depthgauge.errors import InputError
from depthgauge.tracking import ui
from depthgauge.tracking.store import find_store
from tests.tracking import fake


@pytest.fixture
def started(monkeypatch):
    """The commands and environments of the servers, of which none is run: a key press ends it."""
    calls = []

    def run(command, environment):
        calls.append((command, environment))
        raise KeyboardInterrupt

    monkeypatch.setattr(ui, "_run", run)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
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
    ((command, environment),) = started
    assert command[:4] == [sys.executable, "-m", "mlflow", "ui"]
    assert environment["MLFLOW_BACKEND_STORE_URI"] == store.uri
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
    ((_, environment),) = started
    address = environment["MLFLOW_BACKEND_STORE_URI"]
    assert address == f"sqlite:///{folder}/.depthgauge/mlflow.db"


def test_no_password_is_in_the_list_of_processes(tmp_path, started, free):
    store = find_store(tmp_path, {"MLFLOW_TRACKING_URI": "postgresql://me:s%40cret@localhost/x"})
    told = []
    ui.serve(store, int(free), told.append)
    ((command, environment),) = started
    assert "cret" not in " ".join([*command, *told])
    assert environment["MLFLOW_BACKEND_STORE_URI"] == store.uri


# A server that starts another, which ends at no SIGTERM, and tells both.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
print(os.getpid(), subprocess.Popen([sys.executable, "-c", code]).pid, flush=True)
time.sleep(60)
"""
RUN = """
import signal, sys
# Whoever runs the tests may ignore it, as nohup does.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from depthgauge import interruption
from depthgauge.errors import InputError
from depthgauge.tracking import ui
ui.PATIENCE_S = 0.2
interruption.ends_in_order()
with interruption.until_signal():
    ui._run([sys.executable, "-c", sys.argv[1]], {})
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_of_a_server_outlives_it(number):
    command = [sys.executable, "-c", RUN, STUBBORN]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        processes = [int(word) for word in process.stdout.readline().split()]
        assert len(processes) == 2
        process.send_signal(number)
        assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0
    # The inner one's parent is gone: whoever adopts it may take a moment.
    deadline = time.monotonic() + 10
    while any(map(lives, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(lives, processes))


def lives(process):
    """Whether it does anything yet; a zombie does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_a_server_that_ends_by_itself_is_told(tmp_path, free, monkeypatch):
    monkeypatch.setattr(ui, "mlflow_ui", lambda *_: ([sys.executable, "-c", "exit(3)"], {}))
    with pytest.raises(InputError, match=r"^ui: MLflow's server ended by itself, with exit code 3"):
        ui.serve(find_store(tmp_path, {}), int(free), lambda _: None)
