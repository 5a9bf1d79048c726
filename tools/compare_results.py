"""Whether two revisions give the same numbers: the proof that a change of the code changed nothing.

    python tools/compare_results.py BEFORE AFTER [--experiment experiments/curve ...]

BEFORE and AFTER are git revisions, each cloned and run (`dvc repro evaluate`) on this machine, or
folders in which that is done already. Every array of every bundled experiment is compared bit for
bit: curves, weights, test losses, trials, the tables and the verdicts. Exit code 1 where a number
differs. A file, column or key that only one side has is listed and decides nothing: what is
written may be arranged anew, as long as no number changes.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from safetensors.numpy import load_file

ROOT = Path(__file__).resolve().parent.parent
# Where a revision may keep the trials of a search of POINT.
TRIALS = ("results/search/{point}-trials.csv", "results/recipes/tuned-{point}/trials.csv")
# Digests, names and texts say where numbers come from; they are no numbers.
RENAMED = {"error": "error_rate"}


def numbers_of(folder: Path) -> dict[str, np.ndarray]:
    """Every number that an experiment's results hold, under a name that no layout changes."""
    found: dict[str, np.ndarray] = {}
    for run in sorted((folder / "results/train").glob("*-*")):
        for name, column in _columns(run / "curves.csv").items():
            found[f"train/{run.name}/curves/{name}"] = column
        for path in sorted(run.glob("weights-*.safetensors")):
            for name, tensor in load_file(path).items():
                found[f"train/{run.name}/{path.stem}/{name}"] = tensor
        for name, losses in _test_losses(run).items():
            found[f"train/{run.name}/test-losses/{name}"] = losses.ravel()
        point = run.name.partition("-")[2]
        for pattern in TRIALS:
            trials = folder / pattern.format(point=point)
            if run.name.startswith("tuned-") and trials.is_file():
                for name, column in _columns(trials).items():
                    found[f"search/{point}/{name}"] = column
    for name, column in _columns(folder / "results/points.csv").items():
        found[f"points.csv/{name}"] = column
    threshold = json.loads((folder / "results/threshold.json").read_text(encoding="utf-8"))
    for key, value in _leaves(threshold, "threshold.json"):
        found[key] = np.array([value if value is not None else "null"])
    return found


def _test_losses(run: Path) -> dict[str, np.ndarray]:
    """As the revision keeps them, an earlier one in a Parquet file."""
    if (path := run / "test-losses.safetensors").is_file():
        return load_file(path)
    table = pq.read_table(run / "test-losses.parquet")
    return {name: table[name].to_numpy() for name in table.column_names}


def _columns(path: Path) -> dict[str, np.ndarray]:
    """The columns of a CSV file; of numbers where all of its cells are, of texts else."""
    with path.open(newline="", encoding="utf-8") as stream:
        header, *rows = list(csv.reader(stream))
    columns = {}
    for place, name in enumerate(header):
        cells = np.array([row[place] for row in rows])
        try:
            columns[name] = np.where(cells == "", "nan", cells).astype(np.float64)
        except ValueError:
            columns[name] = cells
    return columns


def _leaves(value: object, key: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{key}/{RENAMED.get(name, name)}")
    else:
        yield key, value


def compare(before: Path, after: Path) -> tuple[list[str], list[str], int]:
    """What differs, what only one side has, and how many arrays were compared."""
    one, other = numbers_of(before), numbers_of(after)
    common = sorted(one.keys() & other.keys())
    differ = [name for name in common if not _same(one[name], other[name])]
    alone = [f"only before: {name}" for name in sorted(one.keys() - other.keys())]
    alone += [f"only after: {name}" for name in sorted(other.keys() - one.keys())]
    return differ, alone, len(common)


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    if one.shape != other.shape or one.dtype.kind != other.dtype.kind:
        return False
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def _ready(what: str, aside: Path, experiments: list[str]) -> Path:
    """A folder with the results of a revision, which is cloned and run unless it is a folder."""
    if Path(what).is_dir():
        return Path(what)
    clone = aside / what.replace("/", "_")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    subprocess.run(["git", "checkout", "--quiet", what], cwd=clone, check=True)
    scripts = Path(sys.executable).parent
    environment = os.environ | {
        "PYTHONPATH": str(clone / "src"),
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
    }
    for name in experiments:
        print(f"{what}: {name}", file=sys.stderr)
        command = [sys.executable, "-m", "dvc", "repro", "evaluate"]
        subprocess.run(command, cwd=clone / name, env=environment, check=True, stdout=sys.stderr)
    return clone


def bundled() -> list[str]:
    """The default experiment and those below experiments/."""
    found = sorted(path.parent for path in ROOT.glob("experiments/*/params.yaml"))
    return [".", *(path.relative_to(ROOT).as_posix() for path in found)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--experiment", action="append", help="one of them (default: all)")
    options = parser.parse_args()
    experiments = options.experiment or bundled()
    failed = False
    with tempfile.TemporaryDirectory() as aside:
        before = _ready(options.before, Path(aside) / "before", experiments)
        after = _ready(options.after, Path(aside) / "after", experiments)
        for name in experiments:
            differ, alone, count = compare(before / name, after / name)
            print(f"{name}: {count} arrays compared, {len(differ)} differ")
            for line in [*(f"differs: {key}" for key in differ[:20]), *_grouped(alone)]:
                print(f"  {line}")
            failed |= bool(differ) or not count
    return int(failed)


def _grouped(lines: list[str]) -> list[str]:
    """The names of what one side alone has, without the points they repeat for."""
    kinds = {}
    for line in lines:
        side, _, name = line.partition(": ")
        parts = name.split("/")
        kind = f"{side}: {parts[0]}/*/{'/'.join(parts[2:])}" if len(parts) > 3 else line
        kinds[kind] = kinds.get(kind, 0) + 1
    return [f"{kind} ({count})" for kind, count in kinds.items()]


if __name__ == "__main__":
    sys.exit(main())
