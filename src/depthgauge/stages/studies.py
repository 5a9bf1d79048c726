"""studies: show every study and trial, in the Optuna dashboard or on the terminal.

What the storage lacks of the experiment's studies, in a fresh clone say, is made again from their
files first. The dashboard serves this machine alone until Ctrl-C. --best serves nothing: it prints
of each study its name, the five best trials, the best value so far and what it depends on; of the
experiment, or with --storage of all studies there. docs/tuning.md: how to open one with Optuna.

examples:
  depthgauge studies
  depthgauge -C experiments/diabetes studies --port 8081
  depthgauge studies --storage sqlite:///optuna.db
  depthgauge studies --best | less
"""

import sys
from pathlib import Path

from depthgauge.artifacts.recipes import FOLDER
from depthgauge.errors import InputError
from depthgauge.files.work import work_folder
from depthgauge.interruption import importing
from depthgauge.progress import say
from depthgauge.settings.schema import SEARCHED, Settings


def studies(folder: Path, settings: Settings, port: int, best: bool, storage: str | None) -> None:
    """Make missing studies again, then serve the dashboard, or with `best` print what is best.

    storage: a database URL or a journal file, None for the work folder's. Raises InputError where
    there is no study, and for a storage or a port that cannot be used.
    """
    if not settings.searched_recipes:
        raise InputError(
            f"{folder / 'params.yaml'}: recipes: none of {settings.recipes} is searched for; "
            f"{' or '.join(SEARCHED)} would be"
        )
    # Imported here: bad settings are told without the seconds that Optuna takes.
    with importing():
        import optuna

        from depthgauge.search.dashboard import serve
        from depthgauge.search.restore import restore_studies
        from depthgauge.search.storage import open_storage, readable, storage_url
        from depthgauge.workflow.study_overview import newest, overview, show, studies_of

    url = storage_url(folder, storage)
    opened = open_storage(url)
    with readable(url):
        optuna.get_all_study_summaries(opened)
    restore_studies(folder, settings, opened, work_folder(folder), say)
    with readable(url):
        # The journal in the work folder is that of several experiments.
        shown = studies_of(opened, settings.experiment if storage is None else None)
        current = shown if storage is not None else newest(shown)
        found = [overview(study) for study in current] if best else []
    if not (shown if best else opened.get_all_studies()):
        raise InputError(f"{folder / FOLDER}: no study yet; run `dvc repro` first")
    if best:
        show(found, sys.stdout)
        if former := len(shown) - len(current):
            say(f"studies: {former} of other settings or code, left out here, are in the dashboard")
        return
    serve(opened, port, lambda address: say(f"Optuna dashboard: {address} (Ctrl-C ends it)"))
