"""What a killed process left is taken away; what somebody may be writing, and all else, is not."""

import os
import subprocess
import sys
import time
from pathlib import Path

from depthgauge.files import atomic
from depthgauge.files.leftovers import GONE_S, sweep


def killed(monkeypatch, write):
    """What `write` leaves behind where its process ends in the middle."""

    class Killed(BaseException):
        pass

    def kill(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(atomic.os, "replace", kill)
        patch.setattr(atomic.os, "rename", kill)
        patch.setattr(atomic.shutil, "rmtree", lambda *_, **__: None)
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        try:
            write()
        except Killed:
            return
    raise AssertionError


def test_of_files_and_folders(tmp_path, monkeypatch):
    results = tmp_path / "results"
    kept = results / "answer.txt"
    atomic.write_file(kept, b"whole")
    killed(monkeypatch, lambda: atomic.write_file(kept, b"half"))
    killed(monkeypatch, lambda: atomic.write_folder(results / "train/fixed-0", {"a": b"half"}))
    left = [path for path in results.rglob("*") if path.name.endswith(".partial")]
    assert len(left) == 2
    assert sweep(tmp_path) == []
    old = time.time() - GONE_S - 1
    for path in left:
        os.utime(path, (old, old))
    assert sorted(sweep(tmp_path)) == sorted(left)
    assert [path for path in results.rglob("*") if path.is_file()] == [kept]


def test_of_a_process_that_is_gone_at_once(tmp_path, monkeypatch):
    path = tmp_path / "results/answer.txt"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: gone.pid)
        killed(monkeypatch, lambda: atomic.write_file(path, b"half"))
    # Another machine may have a process of this number.
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "_machine", lambda: "0" * 8)
        patch.setattr(os, "getpid", lambda: gone.pid)
        killed(monkeypatch, lambda: atomic.write_file(path, b"half"))
    assert len(sweep(tmp_path)) == 1
    assert len(list(path.parent.iterdir())) == 1


def test_what_else_is_called_so_is_left_alone(tmp_path):
    others = [
        tmp_path / "results/.mine.partial",
        tmp_path / "results/name.0123abcd.partial",
        tmp_path / "mine/.x.0123abcd.partial",
    ]
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
        os.utime(path, (0, 0))
    assert sweep(tmp_path) == []
    assert all(path.exists() for path in others)
