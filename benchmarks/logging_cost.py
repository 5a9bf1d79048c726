"""What logging to MLflow adds to the wall time of an experiment's whole pipeline.

Run: PYTHONPATH=src python benchmarks/logging_cost.py [FOLDER] [--write]

The working tree is copied into a temporary folder, a fresh one for every run, without results and
without a store: `dvc repro report` with all logging switched off against plain `dvc repro`, which
creates the store with its schema. The two take turns; medians.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from table import command_line, show

ROOT = Path(__file__).resolve().parent.parent
NEVER_S = 1e9
QUICK = {
    "replicates": 2,
    "points": [0, 1],
    "recipe": {"epochs": 2},
    "search": {"trials": 2, "replicates": 2},
}


def environment(copy: Path) -> dict[str, str]:
    """The stages run the copy's source, with this interpreter's tools, on a store of their own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "DVC_", "GIT_"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    return {
        **kept,
        "PATH": path,
        "PYTHONPATH": str(copy / "src"),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "GIT_AUTHOR_NAME": "benchmark",
        "GIT_AUTHOR_EMAIL": "benchmark@localhost",
        "GIT_COMMITTER_NAME": "benchmark",
        "GIT_COMMITTER_EMAIL": "benchmark@localhost",
    }


def copy_tree(copy: Path) -> None:
    """The files that git knows or would add, less results, as a repository with one commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, copy / name
        if "results" in target.parts or target.name == "dvc.lock" or not os.path.lexists(source):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "copy"]):
        subprocess.run(["git", *command], cwd=copy, env=environment(copy), check=True)


def change(params: Path, changes: dict) -> None:
    """Changes keys of a params.yaml; what else it holds stays."""
    yaml = YAML()
    content = yaml.load(params)
    for key, value in changes.items():
        if isinstance(value, dict):
            content[key].update(value)
        else:
            content[key] = value
    yaml.dump(content, params)


def seconds(folder: Path, logging: bool, quick: bool) -> float:
    """Wall time of the pipeline in a fresh copy. Raises CalledProcessError if it fails."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        copy = Path(name)
        copy_tree(copy)
        params = copy / folder / "params.yaml"
        if quick:
            change(params, QUICK)
        if not logging:
            change(params, {"tracking": {"live_after": NEVER_S}})
        command = ["dvc", "repro"] if logging else ["dvc", "repro", "report"]
        began = time.perf_counter()
        subprocess.run(
            command, cwd=copy / folder, env=environment(copy), check=True, stdout=sys.stderr
        )
        return time.perf_counter() - began


def report(folder: Path, turns: int, quick: bool) -> Iterator[str]:
    yield "# What logging adds to the pipeline"
    yield ""
    yield "`PYTHONPATH=src python benchmarks/logging_cost.py --write`"
    yield ""
    yield "Wall time of `dvc repro` on a fresh copy, the store with its schema created on the way,"
    yield "against `dvc repro report` with all logging switched off; the two took turns."
    yield ""
    yield "| turn | without logging | with logging | logging adds |"
    yield "|---|---|---|---|"
    times = []
    for turn in range(1, turns + 1):
        without, with_ = (seconds(folder, logging, quick) for logging in (False, True))
        times.append((without, with_))
        yield f"| {turn} | {without:.1f} s | {with_:.1f} s | {with_ / without - 1:.1%} |"
    without, with_ = (statistics.median(column) for column in zip(*times, strict=True))
    yield f"| median | {without:.1f} s | {with_:.1f} s | {with_ / without - 1:.1%} |"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = command_line(__doc__, "logging-cost")
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path(),
        help="the experiment's folder, from the root of the repository (default: the root)",
    )
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args(arguments)
    show(report(options.folder, options.turns, options.quick), options.write)


if __name__ == "__main__":
    main()
