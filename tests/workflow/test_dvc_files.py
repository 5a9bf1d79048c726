"""A dvc.lock torn at any byte is seen or does no harm, and put back."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from depthgauge.workflow import dvc_files
from depthgauge.workflow.dvc_files import LOCK, RUNNING, keep_lock, mend

ROOT = Path(__file__).parents[2]
WHOLE = (ROOT / "experiments/curve" / LOCK).read_bytes()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(dvc_files, "QUIET_S", 0.0)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / LOCK).write_bytes(WHOLE)
    return tmp_path / "one"


def commit(folder):
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "add", LOCK], cwd=folder, check=True)
    subprocess.run(["git", *who, "commit", "--quiet", "--message", "x"], cwd=folder, check=True)


def test_a_whole_one_is_left_alone(folder):
    assert list(mend(folder)) == []
    assert (folder / LOCK).read_bytes() == WHOLE


def test_what_lies_elsewhere_is_no_tear(folder):
    """A stage of a person's own, as DVC writes it of an object of S3 and a file of HDFS."""
    path = folder / LOCK
    with path.open("a") as file:
        file.write(
            "  mine:\n    cmd: echo\n    deps:\n    - path: s3://b/k\n      etag: 1f\n"
            "      size: 3\n    - path: hdfs://h/k\n      checksum: 2f\n"
        )
    before = path.read_bytes()
    assert list(mend(folder)) == []
    assert path.read_bytes() == before


# A prime step, so that cuts fall everywhere in a line.
@pytest.mark.parametrize("cut", range(0, len(WHOLE), 4999))
def test_a_cut_is_put_back_or_is_whole_without_its_last_stages(folder, cut):
    keep_lock(folder)
    path = folder / LOCK
    path.write_bytes(WHOLE[:cut])
    said = list(mend(folder))
    if said:
        assert len(said) == 1
        assert "was torn: put back from the copy of the last run" in said[0]
        assert path.read_bytes() == WHOLE
        return
    # What is cut off at the end of a stage, or of the last file of one, is as DVC could have it.
    read = YAML(typ="safe").load
    found, whole = read(WHOLE[:cut])["stages"], read(WHOLE)["stages"]
    *first, _ = found
    assert all(found[name] == whole[name] for name in first)


def test_without_a_copy_it_comes_from_the_last_commit(folder):
    commit(folder)
    (folder / LOCK).write_bytes(WHOLE[:777])
    (said,) = mend(folder)
    assert "put back from the last commit" in said
    assert (folder / LOCK).read_bytes() == WHOLE


def test_a_torn_one_is_never_kept(folder):
    keep_lock(folder)
    (folder / LOCK).write_bytes(WHOLE[:777])
    keep_lock(folder)
    list(mend(folder))
    assert (folder / LOCK).read_bytes() == WHOLE


def test_without_any_it_is_taken_away(folder):
    (folder / LOCK).write_bytes(WHOLE[:777])
    (said,) = mend(folder)
    assert "taken away" in said
    assert not (folder / LOCK).exists()


def test_copies_of_two_experiments_are_two(folder, tmp_path):
    other = tmp_path / "two"
    other.mkdir()
    (other / LOCK).write_bytes((ROOT / LOCK).read_bytes())
    keep_lock(folder)
    keep_lock(other)
    for each in (folder, other):
        (each / LOCK).write_bytes(b"schema: '2.0'\nstages:\n  code:\n    cm")
        assert len(list(mend(each))) == 1
    assert (folder / LOCK).read_bytes() == WHOLE
    assert (other / LOCK).read_bytes() == (ROOT / LOCK).read_bytes()


@pytest.mark.parametrize(("data", "torn"), [(b'{"a": {"re', True), (b'{"a": {}}', False), (b"", 0)])
def test_a_torn_file_of_those_that_run_is_taken_away(folder, data, torn):
    path = folder / RUNNING
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert len(list(mend(folder))) == int(torn)
    assert path.exists() != bool(torn)


def test_one_that_is_being_written_is_waited_for(folder, monkeypatch):
    monkeypatch.setattr(dvc_files, "QUIET_S", 0.2)
    path = folder / LOCK
    path.write_bytes(WHOLE[:777])
    moments = iter([0, 0])

    def sleep(_):
        if next(moments, None) is None:
            # The other process has come to its end.
            path.write_bytes(WHOLE)
            os.utime(path, (time.time() - 9,) * 2)

    monkeypatch.setattr(dvc_files.time, "sleep", sleep)
    assert list(mend(folder)) == []
    assert path.read_bytes() == WHOLE
