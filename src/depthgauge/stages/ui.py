"""ui: show every run in MLflow.

Prints the address of the experiment's runs, what is trained or searched at each point without the
replicates and trials below, then serves this machine alone until Ctrl-C. What the store lacks of
the experiment is logged first where it holds nothing of it.

examples:
  depthgauge ui
  depthgauge -C experiments/pageviews ui --port 5001
"""

import os
from itertools import product
from pathlib import Path

from depthgauge.artifacts.runs import trained_path
from depthgauge.hints import command
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
    places = [*product(settings.recipes, settings.points)]
    absent = [p for p in places if not (folder / trained_path(*p)).is_dir()]
    if absent:
        say(
            f"ui: {len(absent)} of {len(places)} points are not trained here, and have no run "
            f"beyond their search: `{command(folder, 'dvc repro')}` trains them"
        )
    serve(store, port, lambda address: say(f"{settings.experiment}: {address}{page}"))
