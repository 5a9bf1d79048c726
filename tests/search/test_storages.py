"""What every storage that ships must do, whatever the others do: the same study, to the last digit.

A PostgreSQL server is started for it where its programs are installed.
"""

import gc
import json
import subprocess
import sys
import threading
import time
from wsgiref.util import setup_testing_defaults

import optuna
import pytest
import torch
from optuna.trial import TrialState, create_trial
from optuna_dashboard import wsgi
from sqlalchemy import Engine, event

from depthgauge.data.dataset import without_test
from depthgauge.errors import InputError
from depthgauge.search import heartbeat, run
from depthgauge.search.attributes import MACHINE_DIED, PROCESS, RETRY_OF, WHY_FAILED
from depthgauge.search.leftovers import this_process
from depthgauge.search.run import Goal, run_trials
from depthgauge.search.storage import open_storage
from depthgauge.search.study import finished_trials, open_study
from tests.experiment import snapshot
from tests.hostile.counts import SAMPLE, count, inputs
from tests.postgresql import NEEDED, server
from tests.stages.test_search import PROGRAM, prepared

CPU = torch.device("cpu")
KINDS = ["journal", "sqlite", pytest.param("postgresql", marks=NEEDED)]
# What takes seconds is tried of one kind by default.
IN_SECONDS = pytest.mark.parametrize(
    "new_url",
    [
        pytest.param("journal", marks=pytest.mark.slow),
        "sqlite",
        pytest.param("postgresql", marks=[NEEDED, pytest.mark.slow]),
    ],
    indirect=True,
)
TRIALS = 5


@pytest.fixture(scope="module")
def running_server():
    with server() as made:
        yield made


@pytest.fixture(params=KINDS)
def new_url(request, tmp_path_factory):
    """Gives the URL of a new storage of each kind."""

    def new():
        if request.param == "postgresql":
            return request.getfixturevalue("running_server").database()
        folder = tmp_path_factory.mktemp("storage")
        return str(folder / "s.log") if request.param == "journal" else f"sqlite:///{folder}/s.db"

    return new


@pytest.fixture
def opened():
    """Opens a storage, as another process would, until the test ends."""
    storages = []

    def open_(url):
        storages.append(open_storage(url))
        return storages[-1]

    yield open_
    for storage in storages:
        if hasattr(storage, "engine"):
            storage.scoped_session.remove()
            storage.engine.dispose()


@pytest.fixture
def short_of_breath(monkeypatch):
    """Two seconds without a sign are a death."""
    monkeypatch.setattr(heartbeat, "INTERVAL_S", 1)
    monkeypatch.setattr(heartbeat, "GRACE_S", 2)


def go(storage, plan, dataset, trials=TRIALS):
    study = open_study(storage, "small", plan)
    seen = without_test(dataset, plan.replicates)
    return run_trials(study, plan, seen, Goal(trials), CPU, 1, lambda finished: None)


def told(trials):
    """All that decides a study's files."""
    return [
        (t.state, t.params, t.value, t.intermediate_values, t.user_attrs["finished trial"])
        for t in trials
    ]


@pytest.fixture(scope="module")
def expected(small, tmp_path_factory):
    """What an undisturbed search finds: of a journal, to which all others are compared."""
    from depthgauge.search.plan import make_plan

    dataset, settings, meta = small["images"]
    storage = open_storage(str(tmp_path_factory.mktemp("expected") / "s.log"))
    return told(go(storage, make_plan(settings, "tuned", 1, 0, meta), dataset))


def test_the_same_settings_give_the_same_study(new_url, opened, small, plan, expected):
    url = new_url()
    assert told(go(opened(url), plan(), small["images"][0])) == expected
    # As another process reads it.
    again = open_study(opened(url), "small", plan())
    assert told(finished_trials(again)) == expected
    assert again.user_attrs["plan"] == plan().record() | {"point": 1}


@pytest.mark.parametrize("after", [0, 3])
def test_an_interrupted_trial_leaves_no_trace(
    new_url, opened, small, plan, expected, monkeypatch, after
):
    url, original, calls = new_url(), run.train_trial, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == after + 1:
            arguments[-1](1, 0.001)
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(run, "train_trial", interrupted)
    with pytest.raises(KeyboardInterrupt):
        go(opened(url), plan(), small["images"][0])
    assert told(go(opened(url), plan(), small["images"][0])) == expected
    states = [trial.state for trial in open_study(opened(url), "small", plan()).trials]
    assert states.count(TrialState.FAIL) == 1
    assert len(states) == TRIALS + 1


def test_signals_just_after_a_trial_was_told(new_url, opened, small, plan, expected, monkeypatch):
    """It cannot be told once more, and it counts."""
    url, original = new_url(), optuna.Study.tell

    def tell(study, *arguments, **named):
        original(study, *arguments, **named)
        if len(study.trials) == 2:
            monkeypatch.undo()
            raise KeyboardInterrupt

    monkeypatch.setattr(optuna.Study, "tell", tell)
    with pytest.raises(KeyboardInterrupt):
        go(opened(url), plan(), small["images"][0])
    assert told(go(opened(url), plan(), small["images"][0])) == expected
    assert len(open_study(opened(url), "small", plan()).trials) == TRIALS


def begin_elsewhere(study, plan, beats=True, drawn=True):
    """A trial that a search on another machine has begun."""
    if not study.trials:
        study.enqueue_trial(plan.first_values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "this_process", lambda: this_process() | {"host": "elsewhere"})
        trial, place = run._begin(study, plan, len(finished_trials(study)), True)
        if beats:
            study._storage.record_heartbeat(trial._trial_id)
        trial.set_user_attr(PROCESS, run.this_process())
        trial.set_user_attr("finished trial", place)
    return trial


@IN_SECONDS
def test_a_trial_of_a_dead_machine_is_tried_once_more(
    new_url, opened, small, plan, expected, short_of_breath
):
    url, dataset = new_url(), small["images"][0]
    go(opened(url), plan(), dataset, 2)
    dead = begin_elsewhere(open_study(opened(url), "small", plan()), plan())
    time.sleep(3.1)
    study = open_study(opened(url), "small", plan())
    assert [t.state for t in study.trials[2:]] == [TrialState.FAIL, TrialState.WAITING]
    failed, waiting = study.trials[2:]
    assert failed.user_attrs[WHY_FAILED] == MACHINE_DIED
    assert waiting.params == failed.params == dead.params
    assert waiting.user_attrs == {RETRY_OF: 2}
    # As Optuna marks it, for its own tools.
    assert waiting.system_attrs["failed_trial"] == 2
    # Of a machine that dies with it again.
    begin_elsewhere(study, plan())
    time.sleep(3.1)
    study = open_study(opened(url), "small", plan())
    assert [t.state for t in study.trials[2:]] == [TrialState.FAIL, TrialState.FAIL]
    assert told(go(opened(url), plan(), dataset)) == expected


@IN_SECONDS
def test_the_trial_that_waits_is_the_one_that_was_lost(
    new_url, opened, small, plan, expected, short_of_breath
):
    """From the first trial on, which is the recipe itself, whichever of its signs came last."""
    url, dataset = new_url(), small["images"][0]
    begin_elsewhere(open_study(opened(url), "small", plan()), plan())
    time.sleep(3.1)
    storage = opened(url)
    assert told(go(storage, plan(), dataset)) == expected
    assert len(open_study(storage, "small", plan()).trials) == TRIALS + 1


@IN_SECONDS
def test_two_who_find_a_dead_trial_try_it_once(new_url, opened, small, plan, short_of_breath):
    url = new_url()
    begin_elsewhere(open_study(opened(url), "small", plan()), plan())
    time.sleep(3.1)
    storages = [opened(url), opened(url)]
    found = [
        threading.Thread(target=open_study, args=(s, "small", plan()), daemon=True)
        for s in storages
    ]
    for thread in found:
        thread.start()
    for thread in found:
        thread.join(30)
    states = [t.state for t in open_study(opened(url), "small", plan()).trials]
    assert states[:2] == [TrialState.FAIL, TrialState.WAITING]
    # Where both could tell it failed the second retry is ended.
    assert states[2:] in ([], [TrialState.FAIL])


@IN_SECONDS
def test_a_trial_of_a_machine_that_lives_is_left_alone(
    new_url, opened, small, plan, short_of_breath
):
    url = new_url()
    study = open_study(opened(url), "small", plan())
    trial = begin_elsewhere(study, plan())
    with heartbeat.beating(study._storage, trial._trial_id):
        time.sleep(3.1)
        with pytest.raises(InputError, match=r"trial 0 of .* is being run on elsewhere by"):
            open_study(opened(url), "small", plan())
        # By hand one searches beside it.
        beside = open_study(opened(url), "small", plan(), join=True)
        seen = without_test(small["images"][0], plan().replicates)
        goal = Goal(more=2)
        run_trials(beside, plan(), seen, goal, CPU, 1, lambda finished: None, alone=False)
        assert beside.trials[0].state is TrialState.RUNNING
        assert len(beside.trials) == 3


def test_a_search_that_was_taken_for_dead_ends_in_one_line(
    new_url, opened, small, plan, expected, monkeypatch
):
    """It was stopped for a while, say, or somebody told its trial failed in the dashboard."""
    url, original, calls = new_url(), run.train_trial, []

    def taken(*arguments):
        calls.append(1)
        if len(calls) == 2:
            study = optuna.load_study(study_name=name, storage=opened(url))
            study.tell(1, state=TrialState.FAIL)
        return original(*arguments)

    name = open_study(opened(url), "small", plan()).study_name
    monkeypatch.setattr(run, "train_trial", taken)
    with pytest.raises(InputError, match=r"trial 1 of .* was ended from elsewhere, in the dash"):
        go(opened(url), plan(), small["images"][0])
    assert told(go(opened(url), plan(), small["images"][0])) == expected


def test_the_dashboard_shows_it(new_url, opened, small, plan):
    storage = opened(new_url())
    go(storage, plan(), small["images"][0], 2)
    begin_elsewhere(open_study(storage, "small", plan()), plan())
    (study,) = storage.get_all_studies()
    environ = {"PATH_INFO": f"/api/studies/{study._study_id}", "QUERY_STRING": "after=0"}
    setup_testing_defaults(environ)
    statuses = []

    def start_response(status, headers, exc_info=None):
        statuses.append(status)

    body = b"".join(wsgi(storage)(environ, start_response))
    assert statuses == ["200 OK"]
    states = [trial["state"] for trial in json.loads(body)["trials"]]
    assert states[2] == "Running"
    assert set(states[:2]) <= {"Complete", "Pruned"}


class KilledError(BaseException):
    """As SIGKILL: nobody tidies up."""


# What was killed here closes no connection.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_killed_while_it_is_made(new_url, opened, monkeypatch):
    """At each statement, or at one in seven; the next search makes the rest."""
    made, step = 0, 7 if inputs() == SAMPLE else 1
    for last in range(1, 100, step):
        url, statements = new_url(), []

        def execute(connection, cursor, statement, *rest, last=last, statements=statements):
            statements.append(statement)
            if len(statements) == last:
                raise KilledError

        event.listen(Engine, "before_cursor_execute", execute)
        try:
            opened(url)
            break
        except KilledError:
            made += 1
        finally:
            event.remove(Engine, "before_cursor_execute", execute)
        storage = opened(url)
        assert storage.get_all_studies() == []
        optuna.create_study(storage=storage, study_name="one").add_trial(create_trial(value=1.0))
    else:
        raise AssertionError("never whole")
    gc.collect()
    count("storages killed while they are made", faults=made, lost=0)
    # A journal is made in one operation.
    assert made * step > 20 or not hasattr(opened(url), "engine")


@pytest.fixture
def experiment(tmp_path):
    return prepared(tmp_path / "experiment", "images")


def command(experiment, url, *arguments, code=("-m", "depthgauge")):
    where = ("-C", str(experiment.folder), "search", "--depth", "1", "--storage", url)
    return subprocess.Popen(
        [sys.executable, *code, *where, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    error = process.communicate(timeout=120)[1]
    assert process.returncode == 0, error
    return error


@pytest.fixture
def whole(experiment, tmp_path):
    """The files of an undisturbed search."""
    finish(command(experiment, str(tmp_path / "whole.log"), "--out", str(tmp_path / "whole")))
    return snapshot(tmp_path / "whole")


@pytest.mark.slow
def test_killed_in_a_trial_it_goes_on_to_the_same_files(new_url, experiment, tmp_path, whole):
    url = new_url()
    process = command(experiment, url, code=("-c", PROGRAM, "3"))
    try:
        assert process.stdout.readline() == "in hand\n"
    finally:
        process.kill()
        process.communicate()
    error = finish(command(experiment, url, "--out", str(tmp_path / "rest")))
    assert "(2 were there already)" in error
    assert snapshot(tmp_path / "rest") == whole


@IN_SECONDS
def test_two_searches_side_by_side(new_url, experiment, opened):
    """By hand, of one study at once: each trial is run once."""
    url = new_url()
    finish(command(experiment, url, "--trials", "2"))
    both = [command(experiment, url, "--trials", "4") for _ in range(2)]
    for process in both:
        finish(process)
    storage = opened(url)
    (study,) = storage.get_all_studies()
    trials = storage.get_all_trials(study._study_id)
    assert [trial.number for trial in trials] == list(range(10))
    assert all(trial.state in (TrialState.COMPLETE, TrialState.PRUNED) for trial in trials)
    assert len({str(trial.params) for trial in trials}) == 10
    assert len({trial.user_attrs[PROCESS]["pid"] for trial in trials}) == 3


@NEEDED
@pytest.mark.slow
def test_a_server_that_is_lost_in_mid_search(experiment, tmp_path, whole):
    with server() as lost:
        url = lost.database()
        slow = PROGRAM.replace("sleep(60)", "sleep(3)")
        process = command(experiment, url, code=("-c", slow, "3"))
        assert process.stdout.readline() == "in hand\n"
        lost.stop()
        error = process.communicate(timeout=60)[1]
        assert process.returncode == 2
        line = error.splitlines()[-1]
        assert line.startswith("depthgauge: --storage postgresql+psycopg://127.0.0.1:")
        assert "was lost in mid-search: " in line
        assert "Traceback" not in error
        lost.start()
        error = finish(command(experiment, url, "--out", str(tmp_path / "rest")))
        assert "(2 were there already)" in error
        assert snapshot(tmp_path / "rest") == whole
