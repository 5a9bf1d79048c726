"""New files for a folder that is there already: all of them, or none."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from depthgauge.errors import InputError
from depthgauge.files.atomic import partial_path, write_file


@contextlib.contextmanager
def into_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, whose files take their places below `folder` at the end.

    Folders that are there already take them in. Raises InputError, and has written nothing, if the
    name of a file is taken or one cannot be written.
    """
    partial = partial_path(folder / "new")
    # What was made, in its order, to be taken away again where the rest fails.
    made: list[Path] = []
    try:
        partial.mkdir()
        yield partial
        for source in sorted(partial.rglob("*")):
            place = folder / source.relative_to(partial)
            if source.is_dir():
                if not place.is_dir():
                    place.mkdir()
                    made.append(place)
                continue
            # A link, unlike a rename, takes nobody's place.
            os.link(source, place)
            made.append(place)
    except BaseException as error:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(error, FileExistsError):
            taken = Path(error.filename2 or error.filename)
            raise InputError(f"{taken}: is there already; nothing was written") from error
        if isinstance(error, OSError):
            raise InputError(f"{folder}: cannot be written: {error.strerror}") from error
        raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def add_lines(path: Path, lines: Sequence[str]) -> list[str]:
    """Add those that a text lacks at its end; the file is made where there is none.

    Returns the lines that were added. Raises InputError if it cannot be read or written.
    """
    try:
        text = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    known = {line.strip() for line in text.decode(errors="replace").splitlines()}
    new = [line for line in lines if line not in known]
    if new:
        begin = b"\n" if text and not text.endswith(b"\n") else b""
        write_file(path, text + begin + "".join(f"{line}\n" for line in new).encode())
    return new
