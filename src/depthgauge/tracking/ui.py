"""MLflow's own pages: the one to begin with, and a server of them for this machine alone."""

import os
import socket
import sys
from collections.abc import Callable
from urllib.parse import urlencode

from depthgauge.ports import HOST, unusable
from depthgauge.tracking.held import PARENT_KINDS
from depthgauge.tracking.runs import CURRENT
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store

# What the page of an experiment would begin with is the last runs logged, hundreds of replicates.
PARENTS = f"{PARENT_KINDS} and tags.`{CURRENT}` = 'true'"
# While it imports itself Ctrl-C ends it without a traceback; its server takes signals later.
MLFLOW = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "runpy.run_module('mlflow', run_name='__main__', alter_sys=True)"
)


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
    """Serve the store's pages in place of this process; on_start is told their address before.

    A store that is a server itself has an address already, and this comes back. Raises InputError
    for a port in use.
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
    command = [sys.executable, "-c", MLFLOW, "ui", "--host", HOST, "--port", str(port)]
    # A line for each request, and what its parts deprecate, are nothing that a person reads.
    command += ["--uvicorn-opts", "--log-level warning"]
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    # Where a list of processes does not show it, password and all.
    os.environ["MLFLOW_BACKEND_STORE_URI"] = store.uri
    if store.artifacts is not None:
        # Else a folder of that name would be made where one stands.
        command += ["--default-artifact-root", str(store.artifacts)]
    # In place of this process: a signal that ends this one must end the server.
    sys.stderr.flush()
    os.execv(command[0], command)
