"""Keep what this version's searches leave in each storage, for the tests of later versions.

    python -m tests.search.keep

Writes tests/kept/search-VERSION: an experiment and a study of it in a journal, in sqlite and in a
dump of PostgreSQL, each with three finished trials and one of a machine that died. What is there is
never made again: it is the version's own.
"""

import json
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

import torch

from depthgauge import __version__
from depthgauge.artifacts.dataset import PREPARED, read_dataset, read_meta
from depthgauge.data.dataset import without_test
from depthgauge.search import run
from depthgauge.search.attributes import PROCESS
from depthgauge.search.leftovers import this_process
from depthgauge.search.plan import make_plan
from depthgauge.search.run import Goal, run_trials
from depthgauge.search.storage import open_storage
from depthgauge.search.study import finished_trials, open_study
from tests.experiment import new_experiment
from tests.postgresql import server

KEPT = Path(__file__).parents[1] / "kept"
FINISHED = 3


def keep(folder: Path) -> None:
    """Write the folder, which must not be there."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work, server() as postgresql:
        experiment = new_experiment(Path(work) / "experiment", "images").tune()
        experiment.repro("prepare")
        database = Path(work) / "optuna.db"
        url = postgresql.database("kept")
        for each in (str(folder / "optuna.log"), f"sqlite:///{database}", url):
            trials = _search(experiment, each)
        (folder / "params.yaml").write_text(json.dumps(experiment.content, indent=1) + "\n")
        (folder / "table.csv").write_text(experiment.raw.read_text())
        (folder / "trials.json").write_text(json.dumps(trials, indent=1) + "\n")
        with sqlite3.connect(database) as connection:
            # A fifth of the bytes.
            connection.executescript("PRAGMA page_size = 512; VACUUM;")
        connection.close()
        (folder / "optuna.db").write_bytes(database.read_bytes())
        (folder / "optuna.sql").write_text(postgresql.dump("kept"))


def _search(experiment, url):
    """Finished trials as JSON, after one more was begun on a machine that died."""
    dataset = read_dataset(experiment.folder / PREPARED)[0]
    meta = read_meta(experiment.folder / PREPARED)
    plan = make_plan(experiment.settings, "tuned", 1, 0, meta)
    study = open_study(open_storage(url), "small", plan)
    seen, cpu = without_test(dataset, plan.replicates), torch.device("cpu")
    # Of no machine that there is.
    run.this_process = lambda: this_process() | {"host": "elsewhere"}
    run_trials(study, plan, seen, Goal(FINISHED), cpu, 1, lambda finished: None)
    trial, place = run._begin(study, plan, FINISHED, True)
    study._storage.record_heartbeat(trial._trial_id)
    trial.set_user_attr(PROCESS, run.this_process())
    trial.set_user_attr("finished trial", place)
    return [told(trial) for trial in [*finished_trials(study), study.trials[-1]]]


def told(trial):
    """What must be read of a trial, as JSON."""
    reports = {str(epoch): value for epoch, value in trial.intermediate_values.items()}
    return {
        "state": trial.state.name,
        "params": trial.params,
        "value": trial.value,
        "reports": reports,
        "place": trial.user_attrs["finished trial"],
    }


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    keep(KEPT / f"search-{__version__}")
    sys.stdout.write(f"kept: search-{__version__}\n")
