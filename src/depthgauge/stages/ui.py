"""ui: show every run in MLflow.

Prints the address of the experiment's runs, what is trained or searched at each point without the
replicates and trials below, then serves this machine alone until Ctrl-C. What the store lacks of
the experiment is logged first where it holds nothing of it.

examples:
  depthgauge ui
  depthgauge -C experiments/pageviews ui --port 5001
"""

import os
from pathlib import Path

from depthgauge.progress import say
from depthgauge.settings.schema import Settings
from depthgauge.tracking.store import find_store
from depthgauge.tracking.ui import find_page, serve
from depthgauge.tracking.update import bring_up_to_date


def ui(folder: Path, settings: Settings, port: int) -> None:
    """Serve the store of the experiment; where that is a server, say where its runs are.

    Raises InputError for a store or a port that cannot be used.
    """
    store = find_store(folder, os.environ)
    page = find_page(store, settings.experiment, say)
    if page is None:
        bring_up_to_date(folder, settings, store, say)
        page = find_page(store, settings.experiment, say)
    serve(store, port, lambda address: say(f"{settings.experiment}: {address}{page}"))
