"""A search whose studies lie in a PostgreSQL server, which these tests start by themselves."""

import subprocess
import sys

import pytest

from tests.experiment import new_experiment, snapshot
from tests.postgresql import NEEDED, PASSWORD, QUOTED, server
from tests.stages.test_search import PROGRAM

pytestmark = [pytest.mark.slow, NEEDED]


@pytest.fixture(scope="module")
def place():
    """The place of a server with the empty databases `studies` and `things`."""
    with server() as made:
        made.database("studies")
        made.database("things")
        made.sql("CREATE TABLE studies (name text)", "things")
        yield made.place


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


def test_killed_refused_and_gone_on_to_the_same_trials_as_in_a_journal(place, experiment, tmp_path):
    url = f"postgresql+psycopg://me:{QUOTED}@{place}/studies"
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
        # Without a number of trials a search is the pipeline's, which runs beside no other.
        code, error = search(experiment, "--storage", url)
        assert code == 2
        assert "another search of " in error
    finally:
        process.kill()
        process.communicate()
    out = ("--out", str(tmp_path / "server"))
    code, error = search(experiment, "--trials", "2", "--storage", url, *out)
    assert code == 0
    assert "(4 were there already)" in error
    assert snapshot(tmp_path / "server") == snapshot(tmp_path / "journal")


@pytest.mark.parametrize(
    ("address", "reason"),
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
    place, experiment, address, reason
):
    url = f"postgresql+psycopg://{address.format(place)}"
    code, error = search(experiment, "--storage", url)
    assert code == 2
    assert error.startswith("depthgauge: --storage postgresql+psycopg://127.0.0.1:")
    assert error.count("\n") == 1
    assert reason in error
    for secret in (PASSWORD, QUOTED, "sec", "r@t"):
        assert secret not in error
