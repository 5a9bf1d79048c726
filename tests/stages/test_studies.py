"""studies: what the dashboard shows where no search has run, and what it is served from."""

import http.client
import json
import threading
import urllib.request
from contextlib import closing

import optuna
import pytest
from optuna.trial import TrialState

from depthgauge.artifacts.search import read_study
from depthgauge.errors import InputError
from depthgauge.search.dashboard import serve
from depthgauge.search.restore import FROM_FILES, restore_studies
from depthgauge.search.storage import open_storage
from tests.experiment import new_experiment, snapshot
from tests.tracking import fake


@pytest.fixture
def storage(tmp_path):
    return open_storage(str(tmp_path / "journal.log"))


def restored(storage, experiment_folder, settings):
    restore_studies(experiment_folder, settings, storage, experiment_folder / ".work", print)
    names = optuna.get_all_study_names(storage)
    return {name: optuna.load_study(study_name=name, storage=storage) for name in names}


def told(study):
    return [
        (t.number, t.state, t.value, t.params, t.distributions, t.intermediate_values)
        for t in study.trials
    ]


def rounded(trials):
    """As the files have numbers, with nine digits."""

    def nine(value):
        if isinstance(value, dict):
            return {key: nine(each) for key, each in value.items()}
        return float(f"{value:.9g}") if isinstance(value, float) else value

    return [tuple(nine(part) for part in trial) for trial in trials]


def test_from_the_files_as_the_search_left_it(tmp_path, storage, capsys):
    """States, values, params, spaces, curves, attributes and what the value is called."""
    experiment = new_experiment(tmp_path / "tuned", "images").set("points", [0, 1]).tune(trials=6)
    experiment.repro("prepare", "search")
    searched = open_storage(str(experiment.folder / ".depthgauge/optuna.log"))
    originals = [
        optuna.load_study(study_name=name, storage=searched)
        for name in optuna.get_all_study_names(searched)
    ]
    before = snapshot(experiment.folder / "results")
    capsys.readouterr()
    again = restored(storage, experiment.folder, experiment.settings)
    assert capsys.readouterr().out == "studies: 2 made again from results/recipes\n"
    assert len(again) == len(originals) == 2
    for original in originals:
        study = again[original.study_name + FROM_FILES]
        assert told(study) == rounded(told(original))
        assert study.directions == original.directions
        assert study.metric_names == original.metric_names
        assert original.user_attrs.items() <= study.user_attrs.items()
        for mine, known in zip(study.trials, original.trials, strict=True):
            process = {"process"}
            wanted = {k: v for k, v in known.user_attrs.items() if k not in process}
            assert mine.user_attrs == wanted
    assert snapshot(experiment.folder / "results") == before


def test_every_state_and_a_second_time_nothing(tmp_path, storage, capsys):
    folder, settings = tmp_path / "experiment", fake.settings(1, tuned=True)
    fake.write_searched(folder)
    (study,) = restored(storage, folder, settings).values()
    states = [TrialState.FAIL, TrialState.COMPLETE, TrialState.COMPLETE, TrialState.PRUNED]
    assert [trial.state for trial in study.trials] == states
    assert study.best_trial.number == 2
    assert study.trials[0].user_attrs["why failed"] == "diverged"
    assert [trial.user_attrs["depth"] for trial in study.trials] == [1] * 4
    capsys.readouterr()
    (same,) = restored(storage, folder, settings).values()
    assert same._study_id == study._study_id
    assert capsys.readouterr().out == ""


def test_other_files_make_another_study_and_a_search_takes_its_place(tmp_path, storage):
    folder, settings = tmp_path / "experiment", fake.settings(1, tuned=True)
    fake.write_searched(folder)
    (first,) = restored(storage, folder, settings).values()
    path = fake.search_file(folder, 1, "trials.csv")
    path.write_text(path.read_text().replace("complete,0.75,0.75", "complete,0.7,0.7"))
    # What an earlier version wrote has no digests.
    study = fake.search_file(folder, 1, "study.json")
    study.write_text(json.dumps(json.loads(study.read_text()) | {"digests": {}}))
    (second,) = restored(storage, folder, settings).values()
    assert second.trials[1].value == 0.7
    assert second._study_id != first._study_id
    name = read_study(folder, "tuned", 1, 0).study.name
    optuna.create_study(storage=storage, study_name=name)
    assert list(restored(storage, folder, settings)) == [name]


def test_an_experiment_that_searches_nothing(tmp_path, capsys):
    experiment = new_experiment(tmp_path / "fixed", "images")
    assert experiment.run("studies") == 2
    assert "recipes: none of ['fixed'] is searched for" in capsys.readouterr().err
    assert not (experiment.folder / ".depthgauge").exists()


def test_no_study_yet(tmp_path, capsys):
    experiment = new_experiment(tmp_path / "tuned", "images").tune()
    assert experiment.run("studies") == 2
    told = capsys.readouterr().err
    assert "recipes: no study yet; run `" in told
    assert "dvc repro` first" in told


def asked(port, method, path, host):
    """The status of an answer to a request that names this host."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host)
        connection.endheaders()
        return connection.getresponse().status


def test_the_dashboard_answers_on_a_port_that_is_free(tmp_path, storage):
    folder, found = tmp_path / "experiment", []
    fake.write_searched(folder)
    restored(storage, folder, fake.settings(1, tuned=True))
    started = threading.Event()

    def on_start(address):
        found.append(address)
        started.set()

    threading.Thread(target=serve, args=(storage, 0, on_start), daemon=True).start()
    assert started.wait(20)
    with closing(urllib.request.urlopen(f"{found[0]}/api/studies", timeout=20)) as answer:
        (study,) = json.load(answer)["study_summaries"]
    assert study["study_name"] == "digits depth 1 study 0 12345678" + FROM_FILES
    port = int(found[0].rpartition(":")[2])
    # A page elsewhere whose name has come to point here reads and deletes nothing.
    for host, code in (("evil.example", 403), (f"evil.example:{port}", 403), ("", 403)):
        for method in ("GET", "DELETE"):
            assert asked(port, method, "/api/studies/0", host) == code
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", "LOCALHOST"):
        assert asked(port, "GET", "/api/studies", host) == 200
    with pytest.raises(InputError, match=rf"^--port {port}: cannot be used \(Address already in"):
        serve(storage, port, on_start)
    with pytest.raises(InputError, match=r"^--port 99999: cannot be used"):
        serve(storage, 99999, on_start)


def test_the_best_on_the_terminal(tmp_path, capsys):
    """From the files where the storage has none, and of a storage all that there is."""
    experiment = new_experiment(tmp_path / "tuned", "images").set("points", [0, 1]).tune(trials=6)
    experiment.repro("prepare", "search")
    (experiment.folder / ".depthgauge/optuna.log").unlink()
    before = snapshot(experiment.folder / "results")
    capsys.readouterr()
    assert experiment.run("studies", "--best") == 0
    out, err = capsys.readouterr()
    assert err == "studies: 2 made again from results/recipes\n"
    found = [read_study(experiment.folder, "tuned", point, 0) for point in (0, 1)]
    for search, text in zip(found, out.split("\n\n"), strict=True):
        assert text.startswith(f"{search.study.name}{FROM_FILES}: ")
        best = f"  best: trial {search.best.number}, mean validation_loss {search.best.value:.4g} "
        assert best in text
        if all(share is not None for share in search.importances.values()):
            share = max(search.importances.values())
            assert f" {share:.2f}" in text.partition("importances: ")[2]
    assert snapshot(experiment.folder / "results") == before
    url = f"sqlite:///{tmp_path}/optuna.db"
    optuna.create_study(study_name="another", storage=url)
    assert experiment.run("studies", "--best", "--storage", url) == 0
    assert "\nanother: no trial yet\n" in capsys.readouterr().out
