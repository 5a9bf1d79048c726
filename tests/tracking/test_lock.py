"""Which outputs of dvc.lock the runs name."""

import hashlib
from pathlib import Path

import pytest

from depthgauge.tracking.lock import LOCKED, lock_tags, locked_outputs


def test_a_file_is_named_if_it_is_the_one_that_dvc_locked(tmp_path: Path) -> None:
    path = tmp_path / "results" / "points.csv"
    path.parent.mkdir()
    path.write_text("a\n")
    md5 = hashlib.md5(b"a\n").hexdigest()
    outs = f"    outs:\n    - path: results/points.csv\n      md5: {md5}\n"
    lock = f"schema: '2.0'\nstages:\n  evaluate:\n{outs}"
    (tmp_path / "dvc.lock").write_text(lock)
    assert lock_tags(tmp_path, path, locked_outputs(tmp_path)) == {LOCKED: md5}
    path.write_text("b\n")
    assert lock_tags(tmp_path, path, locked_outputs(tmp_path)) == {}


def test_a_folder_has_the_digest_that_dvc_gives_it(tmp_path: Path) -> None:
    from dvc_data.hashfile.build import build
    from dvc_data.hashfile.db import HashFileDB
    from dvc_objects.fs import LocalFileSystem

    trained = tmp_path / "results" / "train" / "fixed-1"
    trained.mkdir(parents=True)
    for name in ("z.csv", "b.csv", "a-b.csv"):
        (trained / name).write_text(name)
    fs = LocalFileSystem()
    _, _, found = build(HashFileDB(fs, str(tmp_path / "cache")), str(trained), fs, "md5")
    digest = found.hash_info.value
    assert digest.endswith(".dir")
    outputs = {"results/train/fixed-1": digest}
    assert lock_tags(tmp_path, trained, outputs) == {LOCKED: digest}


@pytest.mark.parametrize("text", [None, "", "stages: 3\n", "{", "stages: {a: {outs: [b]}}\n"])
def test_without_a_lock_that_can_be_read_nothing_is_named(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "dvc.lock").write_text(text)
    assert locked_outputs(tmp_path) == {}
