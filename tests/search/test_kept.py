"""What earlier versions left in storages is read, shown and gone on with (tests/search/keep.py)."""

import json
import shutil
import time
from dataclasses import replace

import optuna
import pytest
import torch
from optuna.trial import TrialState

from depthgauge import __version__
from depthgauge.artifacts.dataset import PREPARED, read_dataset, read_meta
from depthgauge.data.dataset import without_test
from depthgauge.search import heartbeat
from depthgauge.search.outcome import outcome
from depthgauge.search.plan import make_plan
from depthgauge.search.run import Goal, run_trials
from depthgauge.search.storage import open_storage
from depthgauge.search.study import open_study
from depthgauge.settings.load import load_settings
from tests.experiment import Experiment
from tests.postgresql import NEEDED, server
from tests.search.keep import FINISHED, KEPT, told

FOLDERS = sorted(KEPT.glob("search-*"))
STORAGES = ["optuna.log", "optuna.db", pytest.param("optuna.sql", marks=NEEDED)]
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def running_server():
    with server() as made:
        yield made


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def kept(request):
    return request.param


@pytest.fixture(params=STORAGES)
def storage(request, kept, tmp_path, monkeypatch):
    """A copy of a kept storage, opened; a machine without a sign for a second is a dead one."""
    monkeypatch.setattr(heartbeat, "GRACE_S", 1)
    if request.param == "optuna.sql":
        made = request.getfixturevalue("running_server")
        url = made.database()
        made.restore(kept / request.param, url)
    else:
        copy = shutil.copy(kept / request.param, tmp_path)
        url = str(copy) if request.param.endswith("log") else f"sqlite:///{copy}"
    opened = open_storage(url)
    yield opened
    if hasattr(opened, "engine"):
        opened.scoped_session.remove()
        opened.engine.dispose()


@pytest.fixture
def experiment(kept, tmp_path):
    """The kept experiment, prepared by this version."""
    content = json.loads((kept / "params.yaml").read_text())
    made = Experiment(tmp_path / "experiment", content)
    made.raw.parent.mkdir(parents=True)
    shutil.copy(kept / "table.csv", made.raw)
    shutil.copy(kept / "params.yaml", made.params)
    made.repro("prepare")
    return made


def test_this_version_is_kept_too():
    assert f"search-{__version__}" in [folder.name for folder in FOLDERS]


def test_settings_of_earlier_versions_are_read(kept, experiment):
    assert load_settings(experiment.folder).searches == [("tuned", p, 0) for p in (0, 1, 2)]


def test_trials_of_earlier_versions_are_read(kept, storage):
    (name,) = optuna.get_all_study_names(storage)
    study = optuna.load_study(study_name=name, storage=storage)
    assert [told(trial) for trial in study.trials] == json.loads((kept / "trials.json").read_text())
    assert [summary.n_trials for summary in optuna.get_all_study_summaries(storage)] == [4]


def test_a_search_of_an_earlier_version_is_gone_on_with(kept, storage, experiment):
    """As that version would have: its code and its prepared data have other digests today."""
    (name,) = optuna.get_all_study_names(storage)
    then = optuna.load_study(study_name=name, storage=storage).user_attrs["plan"]
    meta = read_meta(experiment.folder / PREPARED)
    now = make_plan(experiment.settings, "tuned", 1, 0, meta)
    digests = {key: then[key] for key in ("data_digest", "code_digest")}
    plan = replace(now, **digests)
    time.sleep(2.1)
    study = open_study(storage, "small", plan)
    assert study.study_name == name
    seen = without_test(read_dataset(experiment.folder / PREPARED)[0], plan.replicates)
    trials = run_trials(study, plan, seen, Goal(FINISHED + 2), CPU, 1, lambda finished: None)
    before = json.loads((kept / "trials.json").read_text())
    assert [told(trial) for trial in trials[:FINISHED]] == before[:FINISHED]
    # The one of the machine that died.
    assert trials[FINISHED].params == before[FINISHED]["params"]
    assert study.trials[FINISHED].state is TrialState.FAIL
    assert len(outcome(plan, trials).trials) == FINISHED + 2
