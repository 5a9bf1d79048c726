"""Storages that cannot be used are refused in one line, and nothing in them is changed."""

import json
import os
import socket
import sqlite3
import sys
import threading
from pathlib import Path

import optuna
import pytest
from optuna.exceptions import StorageInternalError
from optuna.trial import TrialState

from depthgauge.errors import InputError
from depthgauge.search.storage import kept_storage, open_storage, storage_url, turn
from depthgauge.search.study import open_study


def refusal(url):
    with pytest.raises(InputError) as caught:
        open_storage(str(url))
    message = str(caught.value)
    assert message.isprintable()
    assert message.startswith("--storage ")
    return message


@pytest.fixture
def journal(tmp_path):
    """A journal with a study of one trial."""
    path = tmp_path / "journal.log"
    study = optuna.create_study(storage=open_storage(str(path)), study_name="one")
    study.tell(study.ask(), 1.0)
    return path


def values(path):
    study = optuna.load_study(storage=open_storage(str(path)), study_name="one")
    return [trial.value for trial in study.trials]


def test_default_lies_in_the_work_folder(tmp_path):
    assert storage_url(tmp_path, None) == str(tmp_path.resolve() / ".depthgauge/optuna.log")
    assert storage_url(tmp_path, "sqlite:///x.db") == "sqlite:///x.db"


def test_a_folder(tmp_path):
    assert "is a folder; name a file or a database URL" in refusal(tmp_path)
    refusal(f"sqlite:///{tmp_path}")


def sqlite_of_something_else(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE studies (name TEXT)")
    connection.execute("INSERT INTO studies VALUES ('precious')")
    connection.commit()
    connection.close()


def empty_table_of_a_name_of_optuna(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE studies (name TEXT)")
    connection.close()


def text(content):
    return lambda path: path.write_bytes(content)


@pytest.mark.parametrize(
    "make",
    [
        text(b"words"),
        text(b"words\nand more\n"),
        text(b"{}\n"),
        text(b'{"a": 1}\n'),
        text(b"\0" * 100),
        text(os.urandom(5000)),
        text(b"SQLite format 3\0" + b"\1" * 5000),
        sqlite_of_something_else,
        empty_table_of_a_name_of_optuna,
    ],
)
@pytest.mark.parametrize("url", ["{}", "sqlite:///{}"])
def test_a_file_of_something_else_is_never_changed(tmp_path, make, url):
    path = tmp_path / "file"
    make(path)
    before = path.read_bytes()
    message = refusal(url.format(path))
    assert "cannot be used as an Optuna storage: " in message
    assert "nothing in it was changed" in message
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_torn_last_line_is_mended(journal, cut):
    whole = journal.read_bytes()
    last = whole.rstrip(b"\n").rpartition(b"\n")[2]
    journal.write_bytes(whole + last[:cut])
    assert values(journal) == [1.0]
    assert journal.read_bytes() == whole
    # And it can be written on.
    study = optuna.load_study(storage=open_storage(str(journal)), study_name="one")
    study.tell(study.ask(), 2.0)
    assert values(journal) == [1.0, 2.0]


def test_a_torn_first_line_is_mended(tmp_path, journal):
    first = journal.read_bytes().partition(b"\n")[0]
    for torn in (b"", b"{", first[:15], first):
        path = tmp_path / f"{len(torn)}.log"
        path.write_bytes(torn)
        study = optuna.create_study(storage=open_storage(str(path)), study_name="one")
        study.tell(study.ask(), 3.0)
        assert values(path) == [3.0]


def test_a_journal_is_not_cut_where_a_line_before_is_damaged_too(journal):
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[1] = b'{"op_code":5,\0\0\0\0\n'
    damaged = b"".join(lines) + b'{"op_c'
    journal.write_bytes(damaged)
    refusal(journal)
    assert journal.read_bytes() == damaged


def test_a_row_of_a_trial_that_is_gone_is_refused(tmp_path):
    """A later trial would have its number, and take it for its own."""
    path = tmp_path / "optuna.db"
    url = f"sqlite:///{path}"
    study = optuna.create_study(storage=open_storage(url), study_name="one")
    study.add_trial(optuna.create_trial(state=TrialState.PRUNED, intermediate_values={1: 0.5}))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE trial_intermediate_values SET trial_id = 2")
    connection.commit()
    connection.close()
    assert "it is damaged: a row of trial_intermediate_values belongs to none of" in refusal(url)


def test_a_database_from_which_a_study_was_deleted_is_sound(tmp_path):
    url = f"sqlite:///{tmp_path}/optuna.db"
    storage = open_storage(url)
    study = optuna.create_study(storage=storage, study_name="one")
    study.add_trial(optuna.create_trial(value=0.5, intermediate_values={1: 0.5}))
    study.enqueue_trial({"x": 1})
    with pytest.warns(UserWarning, match="Heartbeat"):
        trial = study.ask()
    storage.record_heartbeat(trial._trial_id)
    optuna.delete_study(study_name="one", storage=storage)
    assert open_storage(url).get_all_studies() == []


def test_opening_a_study_adds_nothing_to_its_journal(journal, plan):
    open_study(open_storage(str(journal)), "small", plan())
    before = journal.read_bytes()
    open_study(open_storage(str(journal)), "small", plan())
    assert journal.read_bytes() == before


@pytest.mark.parametrize("line", [2, -1])
def test_a_damaged_line_is_refused(journal, line):
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[line] = b'{"op_code":5,\0\0\0\0\n'
    journal.write_bytes(b"".join(lines))
    before = journal.read_bytes()
    refusal(journal)
    assert journal.read_bytes() == before


def test_a_damaged_database_is_refused(tmp_path):
    path = tmp_path / "optuna.db"
    url = f"sqlite:///{path}"
    optuna.create_study(storage=open_storage(url), study_name="one")
    whole = path.read_bytes()
    for spoilt in (whole[:5000], b"\0" * 100 + whole[100:]):
        path.write_bytes(spoilt)
        refusal(url)
        assert path.read_bytes() == spoilt


def test_a_database_of_optuna_is_opened_beside_other_tables(tmp_path):
    path = tmp_path / "optuna.db"
    url = f"sqlite:///{path}"
    optuna.create_study(storage=open_storage(url), study_name="one")
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (name TEXT)")
    connection.close()
    assert [s.study_name for s in open_storage(url).get_all_studies()] == ["one"]


def test_a_server_that_is_not_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        # Bound, but nobody listens: refused.
        message = refusal(f"postgresql://me:secret@127.0.0.1:{port}/studies")
    assert "secret" not in message
    assert f"127.0.0.1:{port}" in message


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("sqlite://", "a database in memory keeps nothing; write sqlite:///FILE"),
        ("sqlite:///", "a database in memory keeps nothing; write sqlite:///FILE"),
        ("sqlite:///:memory:", "a database in memory keeps nothing; write sqlite:///FILE"),
        ("http://127.0.0.1:1", "it is no kind of database that is known; write sqlite:///FILE, "),
        ("redis://127.0.0.1:1", "it is no kind of database that is known; write sqlite:///FILE, "),
    ],
)
def test_what_would_be_right_is_told(url, what):
    assert what in refusal(url)


def test_a_driver_that_is_not_installed(monkeypatch):
    # A module of None is one that cannot be imported.
    monkeypatch.setitem(sys.modules, "psycopg", None)
    message = refusal("postgresql+psycopg://me:secret@127.0.0.1:1/x")
    assert (
        "its driver psycopg is not installed; use pip install 'depthgauge[postgresql]'" in message
    )


@pytest.mark.parametrize("url", ["nosuch://x", "://", "sqlite:////nosuch/folder/x.db"])
def test_urls_of_nothing(url):
    refusal(url)


def test_a_relative_path_survives_a_lock_left_by_a_killed_process(tmp_path, monkeypatch, journal):
    monkeypatch.chdir(tmp_path)
    backend = open_storage("journal.log")._backend
    # The lock is a link to the journal, whose age is asked for.
    backend._lock.acquire()
    assert (tmp_path / "journal.log.lock").resolve() == journal.resolve()
    backend._lock.release()


def test_a_database_that_cannot_be_written_to_is_told_in_its_own_words():
    error = StorageInternalError("typically due to invalid data")
    error.__cause__ = sqlite3.OperationalError("attempt to write a readonly database")
    what = pytest.raises(InputError, match="was lost in mid-search: attempt to write a readonly")
    with what, kept_storage("sqlite:///x.db"):
        raise error


def test_a_lock_left_by_a_killed_process_is_taken_over_without_a_word(journal, monkeypatch, capfd):
    # Less than that, Optuna warns of.
    monkeypatch.setattr("depthgauge.search.journal.LOCK_GRACE_S", 3)
    (journal.parent / "journal.log.lock").symlink_to(journal)
    study = optuna.load_study(storage=open_storage(str(journal)), study_name="one")
    study.tell(study.ask(), 2.0)
    assert values(journal) == [1.0, 2.0]
    assert capfd.readouterr().err == ""


def test_a_lock_that_another_process_took_over_is_let_go_quietly(journal):
    lock = open_storage(str(journal))._backend._lock
    lock.acquire()
    (journal.parent / "journal.log.lock").unlink()
    lock.release()


def test_a_journal_is_lines_of_json(journal):
    assert all(json.loads(line) for line in journal.read_text().splitlines())


@pytest.mark.filterwarnings("ignore:Heartbeat of storage:UserWarning")
def test_of_searches_that_ask_at_once_no_two_get_one_trial(tmp_path):
    """sqlite by itself gives a waiting trial to several: without a turn this fails."""
    url, asked, searches = f"sqlite:///{tmp_path}/s.db", [], 3
    study = optuna.create_study(storage=open_storage(url), study_name="one")
    for value in range(24):
        study.enqueue_trial({"x": value})
    start = threading.Barrier(searches)

    def search():
        mine = optuna.load_study(study_name="one", storage=open_storage(url))
        start.wait()
        for _ in range(24 // searches):
            with turn(url, tmp_path):
                trial = mine.ask({"x": optuna.distributions.IntDistribution(0, 99)})
            asked.append((trial.number, trial.params["x"]))

    threads = [threading.Thread(target=search) for _ in range(searches)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(asked) == [(value, value) for value in range(24)]


def test_where_the_turn_is_kept(tmp_path):
    """One for all who share a file of sqlite, from whatever folder."""
    assert turn(f"sqlite:///{tmp_path}/s.db", tmp_path / "a").lock_file == f"{tmp_path}/s.db.lock"
    for url in (str(tmp_path / "s.log"), "postgresql+psycopg://here/x"):
        assert Path(turn(url, tmp_path / "a").lock_file) == tmp_path / "a/ask.lock"
