import os

import pytest

from depthgauge.errors import InputError
from depthgauge.files.into import add_lines, into_folder
from tests.experiment import snapshot


def fill(folder):
    with into_folder(folder) as partial:
        for name in ("a/b/one", "a/two", "three"):
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_text(name)


def test_files_take_their_places_in_folders_that_are_there(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/mine").write_text("mine")
    fill(tmp_path)
    assert (tmp_path / "a/b/one").read_text() == "a/b/one"
    assert (tmp_path / "a/mine").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "three"]


@pytest.mark.parametrize("taken", ["a/two", "three", "a/b"])
def test_a_name_that_is_taken_leaves_all_as_it_was(tmp_path, taken):
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_text("mine")
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match="is there already"):
        fill(tmp_path)
    assert snapshot(tmp_path) == before


def test_an_error_of_the_disk_leaves_all_as_it_was(tmp_path, monkeypatch):
    link, calls = os.link, []

    def full(source, place):
        calls.append(place)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        link(source, place)

    monkeypatch.setattr(os, "link", full)
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match="No space left"):
        fill(tmp_path)
    assert snapshot(tmp_path) == before
    assert list(tmp_path.iterdir()) == []


def test_only_lines_that_are_missing_are_added(tmp_path):
    path = tmp_path / ".gitignore"
    path.write_bytes(b"one\r\ntwo")
    assert add_lines(path, ("two", "three")) == ["three"]
    assert path.read_bytes() == b"one\r\ntwo\nthree\n"
    assert add_lines(path, ("two", "three")) == []
