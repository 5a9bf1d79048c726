import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.files import atomic
from depthgauge.files.atomic import json_bytes, write_file, write_folder

pytestmark = pytest.mark.usefixtures("real_fsync")
OLD = {"a": b"old", "b": b"old too"}
NEW = {"a": b"new", "c": b"\0" * 5000}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_file_is_made_with_its_folders_and_replaced(tmp_path):
    path = tmp_path / "deep/er/file"
    for data in (b"one", b"two, longer", b""):
        write_file(path, data)
        assert contents(path.parent) == {"file": data}


def test_folder_holds_exactly_the_files(tmp_path):
    folder = tmp_path / "deep/folder"
    for files in (OLD, NEW, {}):
        write_folder(folder, files)
        assert contents(folder) == files
        assert os.listdir(folder.parent) == ["folder"]


def test_rights_are_the_usual_ones(tmp_path):
    write_folder(tmp_path / "folder", OLD)
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain/a").touch()
    for path in ("", "a"):
        assert (tmp_path / "folder" / path).stat().st_mode == (
            tmp_path / "plain" / path
        ).stat().st_mode


class Killed(BaseException):
    """What a signal handler raises: not an Exception."""


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Killed()])
@pytest.mark.parametrize("call", range(20))
def test_a_failure_at_any_step_leaves_the_old_or_the_new(tmp_path, monkeypatch, error, call):
    """Each system call that writes fails in turn."""
    write_file(tmp_path / "file", b"old")
    write_folder(tmp_path / "folder", OLD)
    calls = 0

    def failing(function):
        def wrapped(*arguments):
            nonlocal calls
            calls += 1
            if calls == call + 1:
                raise error
            return function(*arguments)

        return wrapped

    for name in ("fsync", "replace", "rename"):
        monkeypatch.setattr(os, name, failing(getattr(os, name)))
    failed = False
    try:
        write_file(tmp_path / "file", b"new")
        write_folder(tmp_path / "folder", NEW)
    except (InputError, Killed):
        failed = True
    monkeypatch.undo()
    assert failed == (call < calls)
    assert (tmp_path / "file").read_bytes() in (b"old", b"new")
    assert contents(tmp_path / "folder") in (OLD, NEW)
    if call >= calls:
        assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
        assert contents(tmp_path / "folder") == NEW


def test_a_failure_leaves_nothing_beside_the_old(tmp_path, monkeypatch):
    write_folder(tmp_path / "folder", OLD)

    def full(path, write):
        path.write_bytes(b"o")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "_write_by", full)
    for write, what in ((write_folder, NEW), (write_file, b"new")):
        name = "folder" if write is write_folder else "file"
        with pytest.raises(
            InputError, match=f"{name}: cannot be written: No space left on device$"
        ):
            write(tmp_path / name, what)
    assert os.listdir(tmp_path) == ["folder"]
    assert contents(tmp_path / "folder") == OLD


def test_something_else_in_the_way(tmp_path):
    (tmp_path / "thing").write_text("a file")
    with pytest.raises(InputError, match=r"thing: cannot be written: Not a directory$"):
        write_folder(tmp_path / "thing", OLD)
    with pytest.raises(InputError, match="thing/file: cannot be written: "):
        write_file(tmp_path / "thing/file", b"")
    (tmp_path / "full/inner").mkdir(parents=True)
    with pytest.raises(InputError, match=r"full: cannot be written: Is a directory$"):
        write_file(tmp_path / "full", b"")
    assert sorted(os.listdir(tmp_path)) == ["full", "thing"]


@given(
    st.dictionaries(
        st.text(), st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
    )
)
def test_json_reads_back_and_ignores_order(value):
    data = json_bytes(value)
    assert json.loads(data) == value
    assert json_bytes(dict(reversed(value.items()))) == data
    assert data.endswith(b"\n")


def test_json_has_no_nan():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_bytes({"loss": float("nan")})
