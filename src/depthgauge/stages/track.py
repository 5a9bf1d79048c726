"""track: log to MLflow what it does not hold yet.

Ends with the answer and a small table. Running it twice adds nothing; a lost store is
made again from the files. The store is .depthgauge/mlflow.db, or what
MLFLOW_TRACKING_URI names.

examples:
  depthgauge track
  MLFLOW_TRACKING_URI=http://127.0.0.1:5000 depthgauge track
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from depthgauge.artifacts.looks import at_last_look
from depthgauge.artifacts.page import PAGE
from depthgauge.artifacts.tracked import write_tracked
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.errors import InputError
from depthgauge.progress import say
from depthgauge.report.console import show
from depthgauge.settings.schema import Settings
from depthgauge.tracking.store import find_store
from depthgauge.tracking.update import bring_up_to_date


def track(folder: Path, settings: Settings) -> None:
    """Bring the store up to date and write down which content it holds now."""
    store = find_store(folder, os.environ)
    runs = bring_up_to_date(folder, settings, store, say)
    if not runs:
        say("track: nothing has been trained yet")
        return
    write_tracked(folder, ((run.name, run.content_digest) for run in runs))
    added = sum(run.added for run in runs)
    say(f"track: {added} runs added, {len(runs) - added} were there already: {store.shown_uri}")
    # The pipeline ends with this stage, and a person wants its answer at the end. Without one, or
    # with one that is of other points, there is nothing to show yet.
    with suppress(InputError):
        verdicts = read_verdicts(folder, at_last_look(folder, settings))
        if (folder / PAGE).is_file():
            show(verdicts, folder, sys.stdout)
