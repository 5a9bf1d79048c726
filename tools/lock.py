"""Writes the locks: the exact version, with its hashes, of everything that the project, its tests
and its build need, as uv resolves pyproject.toml for CPython 3.11 on Linux.

    python tools/lock.py          # today's newest versions that pyproject.toml allows
    python tools/lock.py --keep   # the locked versions, but for what pyproject.toml newly asks

The hashes are those of every file of a version, so whichever of them another machine needs is
known. The index has torch for CUDA; the CPU build (2.13.0+cpu) lies elsewhere, with other hashes:
its file that pip finds here is added, and those known of the same version stay. What the CUDA
build alone needs, some 3 GB, is a lock of its own, which `make environment` installs where it
got that build.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

LOCK = Path("requirements.lock")
CUDA_LOCK = Path("requirements-cuda.lock")
OF_CUDA = re.compile(r"(nvidia|cuda)-|triton==")
HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
HEAD = "# Made by `make lock` for CPython 3.11 on Linux. Do not edit.\n"


def main(keep: bool) -> None:
    known = read_entries(LOCK.read_text()) if LOCK.exists() else {}
    with TemporaryDirectory() as folder:
        venv.create(Path(folder, "venv"), with_pip=True)
        python = Path(folder, "venv", "bin", "python")
        run(python, "-m", "pip", "install", "--quiet", "uv")
        entries = read_entries(resolve(python, Path(folder), keep))
        torch = entries["torch"]
        run(python, *f"-m pip download --quiet --no-deps -d {folder}/torch".split(), pin(torch))
        found = [digest(path) for path in Path(folder, "torch").iterdir()]
    if pin(known.get("torch", "")) == pin(torch):
        found += HASH.findall(known["torch"])
    entries["torch"] = with_hashes(torch, found)
    cuda = {name for name, entry in entries.items() if OF_CUDA.match(entry)}
    LOCK.write_text(HEAD + "".join(entries[name] for name in entries if name not in cuda))
    CUDA_LOCK.write_text(HEAD + "".join(entries[name] for name in entries if name in cuda))


def resolve(python: Path, folder: Path, keep: bool) -> str:
    """What uv makes of pyproject.toml; it keeps the versions that stand in its output file."""
    output, build = folder / "lock", folder / "build.in"
    output.write_text("".join(path.read_text() for path in (LOCK, CUDA_LOCK) if path.exists()))
    # What `pip install -e .` builds with, taken from the lock as all else.
    build.write_text("setuptools>=77\n")
    options = "--extra dev --generate-hashes --python-version 3.11 --python-platform linux"
    options += " --no-header --no-annotate --quiet" + ("" if keep else " --upgrade")
    run(python, *f"-m uv pip compile pyproject.toml {build} -o {output} {options}".split())
    return output.read_text()


def read_entries(lock: str) -> dict[str, str]:
    """The lines of each package, by its name."""
    blocks = re.findall(r"^[A-Za-z0-9].*(?:\n +--hash.*)*\n", lock, re.MULTILINE)
    return {block.partition("==")[0].strip(): block for block in blocks}


def pin(entry: str) -> str:
    """`torch==2.13.0`"""
    return entry.partition("\n")[0].rstrip(" \\")


def with_hashes(entry: str, more: list[str]) -> str:
    """A package with hashes that its index does not name, in uv's order."""
    hashes = sorted({*HASH.findall(entry), *more})
    return " \\\n".join([pin(entry), *(f"    --hash={one}" for one in hashes)]) + "\n"


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def run(python: Path, *arguments: str) -> None:
    subprocess.run([python, *arguments], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--keep", action="store_true", help="keep the locked versions")
    main(parser.parse_args().keep) if sys.version_info[:2] == (3, 11) else sys.exit(
        "the locks are made with CPython 3.11"
    )
