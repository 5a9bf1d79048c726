"""A search whose studies lie in a PostgreSQL server, which these tests start by themselves."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.experiment import new_experiment, snapshot
from tests.stages.test_search import PROGRAM

PASSWORD = "sec/r@t:1"
QUOTED = "sec%2Fr%40t%3A1"


def programs():
    """The folder of PostgreSQL's programs, which need not be on the path; None without them."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(found) if (folder / "initdb").is_file()), None)


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed"),
    pytest.mark.skipif(importlib.util.find_spec("psycopg") is None, reason="needs psycopg"),
]


@pytest.fixture(scope="module")
def server():
    """The place of a server with the empty databases `studies` and `things`, of a user `me`."""
    # Not below pytest's folder, which another user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    become = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if become:
        shutil.chown(folder, "postgres")

    def call(name, *arguments):
        command = [*become, str(programs() / name), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    way = ("--auth-local=trust", "--auth-host=scram-sha-256")
    call("initdb", "-D", str(data), "-U", "postgres", "--no-sync", *way)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
    call("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        psql = ("-q", "-h", str(folder), "-p", str(port), "-U", "postgres")
        call("psql", *psql, "-c", f"CREATE ROLE me LOGIN PASSWORD '{PASSWORD}'")
        for name in ("studies", "things"):
            call("psql", *psql, "-c", f"CREATE DATABASE {name} OWNER me")
        call("psql", *psql, "-d", "things", "-c", "CREATE TABLE studies (name text)")
        yield f"127.0.0.1:{port}"
    finally:
        call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def experiment(tmp_path):
    made = new_experiment(tmp_path / "experiment", "images").tune()
    made.repro("prepare")
    return made


def search(experiment, *arguments):
    """Exit code and standard error, in a process of its own: its end closes the connections."""
    command = ["-m", "depthgauge", "-C", str(experiment.folder), "search", "--depth", "1"]
    done = subprocess.run(
        [sys.executable, *command, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr


def test_killed_refused_and_gone_on_to_the_same_trials_as_in_a_journal(
    server, experiment, tmp_path
):
    url = f"postgresql+psycopg://me:{QUOTED}@{server}/studies"
    journal = ("--storage", str(tmp_path / "journal.log"), "--out", str(tmp_path / "journal"))
    assert search(experiment, "--trials", "6", *journal)[0] == 0
    assert search(experiment, "--trials", "2", "--storage", url)[0] == 0
    arguments = ("-C", str(experiment.folder), "search", "--depth", "1", "--trials", "6")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "3", *arguments, "--storage", url],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout.readline() == "in hand\n"
        code, error = search(experiment, "--trials", "6", "--storage", url)
        assert code == 2
        assert "another search of " in error
    finally:
        process.kill()
        process.communicate()
    out = ("--out", str(tmp_path / "server"))
    code, error = search(experiment, "--trials", "6", "--storage", url, *out)
    assert code == 0
    assert "(4 were there already)" in error
    assert snapshot(tmp_path / "server") == snapshot(tmp_path / "journal")


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (f"me:wrong-{QUOTED}@{{}}/studies", "password authentication failed"),
        (f"{{}}/studies?user=me&password=wrong-{QUOTED}", "password authentication failed"),
        (f"me:{PASSWORD}@{{}}/studies", "an @ in a user or password is written %40"),
        (f"me:{QUOTED}@127.0.0.1:1/studies", "onnection refused"),
        (f"me:{QUOTED}@{{}}/nosuch", 'database "nosuch" does not exist'),
        (f"me:{QUOTED}@{{}}/things", "it is a database of something else"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line_without_the_password(
    server, experiment, place, reason
):
    url = f"postgresql+psycopg://{place.format(server)}"
    code, error = search(experiment, "--storage", url)
    assert code == 2
    assert error.startswith("depthgauge: --storage postgresql+psycopg://127.0.0.1:")
    assert error.count("\n") == 1
    assert reason in error
    for secret in (PASSWORD, QUOTED, "sec", "r@t"):
        assert secret not in error
