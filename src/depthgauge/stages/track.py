"""track: log to MLflow what it does not hold yet.

Ends with the answer and a small table. Running it twice adds nothing; what was deleted in
MLflow is logged again, and a lost store is made again from the files. The store is
.depthgauge/mlflow.db, or what MLFLOW_TRACKING_URI names.

Where the store cannot be used, a server is down say, this ends with exit code 2. In `dvc repro`
it does not: the results need no MLflow, so the pipeline ends well, says in one line that they
were not logged, and the next `dvc repro` logs them.

examples:
  depthgauge track
  MLFLOW_TRACKING_URI=http://127.0.0.1:5000 depthgauge track
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from depthgauge.artifacts.looks import at_last_look
from depthgauge.artifacts.page import PAGE
from depthgauge.artifacts.tracked import write_tracked
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.errors import InputError
from depthgauge.follow import STAGE
from depthgauge.hints import named_commands
from depthgauge.progress import say
from depthgauge.report.console import show
from depthgauge.settings.schema import Settings
from depthgauge.tracking.store import StoreError, find_store
from depthgauge.tracking.update import TrackedRun, bring_up_to_date


def track(folder: Path, settings: Settings) -> None:
    """Bring the store up to date and write down which content it holds now.

    Raises StoreError for a store that cannot be used, but not within a pipeline that DVC runs.
    """
    store = find_store(folder, os.environ)
    try:
        runs = bring_up_to_date(folder, settings, store, say)
    except StoreError as error:
        if STAGE not in os.environ:
            raise
        write_tracked(folder, ())
        said = f"track: NOT LOGGED to MLflow: {error}; the next `dvc repro` tries again"
        say(named_commands(said, folder))
    else:
        if not runs:
            say("track: nothing has been trained yet")
            return
        write_tracked(folder, ((run.name, run.content_digest) for run in runs))
        say(f"track: {_counts(runs)}: {store.shown_uri}")
    # The pipeline ends with this stage, and a person wants its answer at the end. Without one, or
    # with one that is of other points, there is nothing to show yet.
    with suppress(InputError):
        verdicts = read_verdicts(folder, at_last_look(folder, settings))
        if (folder / PAGE).is_file():
            show(verdicts, folder, sys.stdout)


def _counts(runs: Sequence[TrackedRun]) -> str:
    added, mended = sum(run.added for run in runs), sum(run.mended for run in runs)
    there = f"{len(runs) - added - mended} were there already"
    return ", ".join([f"{added} runs added", *([f"{mended} mended"] if mended else []), there])
