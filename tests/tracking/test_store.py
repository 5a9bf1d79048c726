"""Where the store lies."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from depthgauge.errors import InputError
from depthgauge.files.work import repository_root
from depthgauge.tracking.commit import COMMIT, DIRTY, commit_tags
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import find_store
from tests.tracking.conftest import git


@pytest.mark.parametrize("mark", [".git", ".dvc"])
def test_experiments_share_the_store_of_their_repository(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).mkdir()
    experiment = tmp_path / "experiments" / "pageviews"
    experiment.mkdir(parents=True)
    assert repository_root(experiment) == tmp_path
    assert find_store(experiment, {}) == find_store(tmp_path, {})
    assert find_store(experiment, {}).database == tmp_path / ".depthgauge" / "mlflow.db"


@pytest.mark.parametrize("name", ["90% done", "why?"])
def test_a_name_that_mlflow_mistakes_is_told(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    (folder / ".git").mkdir(parents=True)
    with pytest.raises(InputError, match="MLFLOW_TRACKING_URI"):
        find_store(folder, {})
    find_store(folder, {"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000"})


@pytest.mark.parametrize("name", ["it's", 'a "b"', 'it\'s a "föö" 数:据 :x\\'])
def test_a_store_is_made_below_any_other_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    (folder / ".git").mkdir(parents=True)
    store = find_store(folder, {})
    assert store.database
    with open_store(store, lambda _: None):
        pass
    with closing(sqlite3.connect(store.database)) as connection:
        found = connection.execute("SELECT artifact_location FROM experiments").fetchall()
    assert found == [(f"{store.artifacts}/0",)]


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://me:secret@host:5000/base", "http://host:5000/base"),
        ("postgresql+psycopg://me:se@cret@host/db", "postgresql+psycopg://host/db"),
        ("http://host:5000", "http://host:5000"),
    ],
)
def test_passwords_are_not_shown(folder: Path, uri: str, shown: str) -> None:
    assert find_store(folder, {"MLFLOW_TRACKING_URI": uri}).shown_uri == shown


@pytest.mark.parametrize(
    ("changed", "dirty"),
    [
        ("dvc.lock", False),
        ("results/points.csv", False),
        ("data/prepared/meta.json", False),
        ("experiments/pageviews/results/points.csv", False),
        ("experiments/pageviews/dvc.lock", False),
        ("experiments/pageviews/params.yaml", True),
        ("src/results.py", True),
        ("data/raw/table.csv", True),
    ],
)
def test_what_the_pipeline_rewrites_does_not_make_the_source_dirty(
    folder: Path, changed: str, dirty: bool
) -> None:
    """As a new file, and as a change to a file that git knows; seen from any folder."""
    path = folder / changed
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("new\n")
    said = "true" if dirty else "false"
    for seen_from in (folder, path.parent):
        assert commit_tags(seen_from)[DIRTY] == said
    git(folder, "add", "--force", changed)
    git(folder, "commit", "--quiet", "--message", "second")
    path.write_text("changed\n")
    tags = commit_tags(folder)
    assert (tags[COMMIT], tags[DIRTY]) == (git(folder, "rev-parse", "HEAD"), said)


def test_no_commit_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    unknown = {DIRTY: "unknown: no git commit"}
    assert commit_tags(tmp_path) == unknown
    git(tmp_path, "init", "--quiet")
    assert commit_tags(tmp_path) == unknown
    monkeypatch.setenv("PATH", "")
    assert commit_tags(tmp_path) == unknown


def test_a_machine_without_git_is_no_error(tmp_path: Path) -> None:
    code = "from depthgauge.tracking.commit import commit_tags; print(commit_tags('.'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "unknown" in done.stdout
