"""MLflow's own pages: the one to begin with, and a server of them for this machine alone."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlencode

from depthgauge.errors import InputError
from depthgauge.interruption import until_signal
from depthgauge.ports import HOST, unusable
from depthgauge.tracking.held import PARENT_KINDS
from depthgauge.tracking.runs import CURRENT
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store

# What the page of an experiment would begin with is the last runs logged, hundreds of replicates.
PARENTS = f"{PARENT_KINDS} and tags.`{CURRENT}` = 'true'"
# How long it may take to end in order.
PATIENCE_S = 3


def find_page(store: Store, experiment: str, say: Callable[[str], None]) -> str | None:
    """The page of an experiment's runs, below the address of a server; None where there is none.

    Raises InputError for a store that cannot be reached.
    """
    with open_store(store, say) as client:
        found = client.get_experiment_by_name(experiment)
    if found is None:
        return None
    view = {
        # Else the pages around it are those for language models.
        "workflowType": "machine_learning",
        "searchFilter": PARENTS,
        "orderByKey": "tags.`mlflow.runName`",
        "orderByAsc": "true",
    }
    return f"/#/experiments/{found.experiment_id}/runs?{urlencode(view)}"


def serve(store: Store, port: int, on_start: Callable[[str], None]) -> None:
    """Serve the store's pages until a key press; on_start is told their address before.

    A store that is a server itself has an address already, and this comes back. Raises InputError
    for a port in use, and where the server ends by itself.
    """
    if store.uri.startswith(("http://", "https://")):
        on_start(store.shown_uri.rstrip("/"))
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise unusable(port, error) from None
    on_start(f"http://{HOST}:{port}")
    with until_signal():
        code = _run(*mlflow_ui(store, port))
        raise InputError(f"ui: MLflow's server ended by itself, with exit code {code}")


def mlflow_ui(store: Store, port: int) -> tuple[list[str], dict[str, str]]:
    """The command of MLflow's server, and what its environment has besides this one's."""
    command = [sys.executable, "-m", "mlflow", "ui", "--host", HOST, "--port", str(port)]
    # One person looks. A line for each request is nothing that a person reads.
    command += ["--workers", "1", "--uvicorn-opts", "--log-level warning"]
    if store.artifacts is not None:
        # Else a folder of that name would be made where one stands.
        command += ["--default-artifact-root", str(store.artifacts)]
    return command, {
        # Where a list of processes does not show it, password and all.
        "MLFLOW_BACKEND_STORE_URI": store.uri,
        # Else seven processes wait for jobs on language models, and outlive a server that is
        # ended while it starts.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        # What its parts deprecate is nothing that a person reads either.
        "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "ignore"),
    }


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a server to its end, which comes with that of this process's wait; its exit code.

    In a group of its own: a key press reaches it through this process alone, and all that it has
    started ends with it, at whatever moment.
    """
    sys.stderr.flush()
    # A terminal that is closed tells it to this process alone.
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    server = subprocess.Popen(command, env=os.environ | environment, start_new_session=True)
    try:
        return server.wait()
    finally:
        try:
            _signal_group(server.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                server.wait(PATIENCE_S)
        finally:
            _signal_group(server.pid, signal.SIGKILL)


def _signal_group(group: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)
