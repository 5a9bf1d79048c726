"""A person at the command line: what a command leaves, prints and ends with."""

import shutil
import signal
import subprocess
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest

from depthgauge.cli import main
from tests.experiment import snapshot
from tests.repository import SHARED

ROOT = Path(__file__).parents[2]


# What takes longer hangs: a million replicates, which are good, take minutes.
LONGEST_S = 600


@dataclass(frozen=True)
class Outcome:
    """code: the exit code, None for a traceback. faults: what no command may do, one line each."""

    code: int | None
    faults: tuple[str, ...]


class User:
    """Someone in a repository of their own."""

    def __init__(self, folder: Path, output: pytest.CaptureFixture[str]) -> None:
        self.repository, self._output = folder / "repository", output
        signal.signal(signal.SIGALRM, _is_too_long)
        for name in SHARED:
            (self.repository / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.repository / name)
        subprocess.run(["git", "init", "--quiet", self.repository], check=True)

    def new(self, data: bytes, name: str, *arguments: str) -> Outcome:
        """Makes an experiment of a table."""
        raw = self.repository.parent / name
        raw.write_bytes(data)
        outcome = self.run(self.repository, "new", str(raw), *arguments)
        experiments = self.repository / "experiments"
        if outcome.code == 0:
            # What `new` is content with, `check` is, and `prepare`.
            made = self.run(next(experiments.iterdir()), "prepare")
            told = tuple(f"then {fault}" for fault in made.faults)
            if made.code == 2:
                told += ("is refused by prepare, not by new",)
            outcome = Outcome(outcome.code, outcome.faults + told)
        shutil.rmtree(experiments, ignore_errors=True)
        return outcome

    def run(self, folder: Path, *arguments: str) -> Outcome:
        before = snapshot(folder), folders(folder)
        self._output.readouterr()
        faults = []
        try:
            signal.alarm(LONGEST_S)
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                code = main(["-C", str(folder), *arguments])
            faults += [f"warns: {w.message} in {w.filename}:{w.lineno}" for w in warned]
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self._output.readouterr()
            where = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__}: {error}"[:200]
            return Outcome(None, (f"traceback: {what!r} in {where.filename}:{where.lineno}",))
        finally:
            signal.alarm(0)
        out, err = self._output.readouterr()
        lines = err.splitlines()
        if code not in (0, 2):
            faults.append(f"ends with {code}")
        errors = [line for line in lines if line.startswith("depthgauge: ")]
        if len(errors) != (code == 2):
            faults.append(f"{len(errors)} lines of an error: {err[:300]!r}")
        if not all(line.isprintable() for line in [*err.split("\n"), *out.split("\n")]):
            faults.append(f"prints what a terminal obeys: {(out + err)[:300]!r}")
        if any(len(line) > 3000 for line in errors):
            faults.append(f"a line of {max(map(len, errors))} characters: {err[:200]!r}")
        if "Warning" in err or "Traceback" in err:
            faults.append(f"prints {err[:300]!r}")
        if code == 2 and before != (snapshot(folder), folders(folder)):
            faults.append("refuses, and leaves something behind")
        return Outcome(code, tuple(faults))


def _is_too_long(signum: int, frame: object) -> None:
    raise TimeoutError(f"takes over {LONGEST_S} s")


def folders(place: Path) -> list[str]:
    """All that lies below a folder."""
    return sorted(str(path) for path in place.rglob("*"))


def damage(data: bytes, random) -> bytes:
    """Bytes flipped, taken out, doubled, put in or cut off."""
    for _ in range(random.choice((0, 1, 1, 1, 2, 5, 20))):
        at = random.randrange(len(data) + 1)
        length = random.choice((1, 1, 1, 2, 8, 100))
        match random.randrange(7):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + data[at + length :]
            case 2:
                data = data[:at] + data[at : at + length] + data[at:]
            case 3:
                data = data[:at] + random.randbytes(length) + data[at:]
            case 4:
                data = data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
            case 5 if at < len(data):
                data = data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]
            case _:
                data = data[:at] + random.choice(AWKWARD) + data[at:]
    return data


AWKWARD = (
    *(b"\0", b"\x1b[31m", b"\x1a", b"\r", b"\n", b"\r\n", b"\n\n", b'"', b"'", b",", b";", b"\t"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xc2\x85", b"\xe2\x80\xae", b"\xed\xa0\x80"),
    *(b"1e309", b"-1e309", b"1e-400", b"nan", b"inf", b"-", b"0x10", b"1_000", b"9" * 400, b"1e"),
    *(b"=1+1", b"NA", b"1,5", b"2020-01-01", b"0000-00-00", b"99999-01-01", b"24:61", b"?"),
    *(b"@data", b"@classLabel true", b":", b"{", b"[", b"&a", b"*a", b"!!python/object", b"# "),
    *("\u0661\u0662".encode(), "\u00bd".encode(), "e\u0301".encode(), "\U0001f600".encode()),
)
