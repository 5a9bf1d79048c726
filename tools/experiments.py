"""Bring every bundled experiment, page and table up to date, the longest experiment first.

    python -m tools.experiments            # runs what is missing
    python -m tools.experiments --check    # fails where something is stale; runs nothing

The root is an experiment too. What is checked is committed: a pipeline that is the root's, texts of
the present code, a dvc.lock of this pipeline, these settings, this code and these recipes, and
pages that are what their tools make.
"""

import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tools.experiments_page import experiments_page
from tools.families_table import families_table
from tools.first_row import first_row
from tools.lecture_table import lecture_table
from tools.published_table import published_table

from depthgauge.artifacts import recipes, runs
from depthgauge.artifacts.code import check_code
from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.work import work_folder
from depthgauge.progress import say
from depthgauge.report.dvc_plots import plot_page, plot_template
from depthgauge.settings.load import load_settings

ROOT = Path(__file__).resolve().parent.parent
PIPELINE, LOCK, PARAMS = "dvc.yaml", "dvc.lock", "params.yaml"
# What every experiment has as the root has it.
PLOT_TEMPLATE = ".dvc/plots/loss.json"
# Too large for a copy in each: their .dvc/config names the root's.
PLOT_PAGE = ".dvc/plots/page.html"
COPIED = (PIPELINE, PLOT_TEMPLATE)
TEMPLATES = "src/depthgauge/workflow/templates"
# What tools make for all experiments together.
PAGES: dict[str, Callable[[Path], str]] = {
    "docs/digits.svg": first_row,
    "experiments/README.md": lambda root: experiments_page(root / "experiments"),
    "experiments/families.md": families_table,
    "experiments/lecture.md": lambda root: lecture_table(root / "experiments"),
    "experiments/published.md": published_table,
    PLOT_PAGE: lambda root: plot_page(),
    PLOT_TEMPLATE: lambda root: plot_template(),
    # What `depthgauge new` and `depthgauge demo` write where there is no clone.
    f"{TEMPLATES}/{PIPELINE}": lambda root: (root / PIPELINE).read_text(encoding="utf-8"),
    f"{TEMPLATES}/{PARAMS}": lambda root: (root / PARAMS).read_text(encoding="utf-8"),
}
# The folders that hold a folder for each recipe and point. Recipes are in git, what is trained lies
# in DVC's cache.
RESULTS = {"search": recipes.FOLDER, "train": runs.FOLDER}


def experiments(root: Path) -> list[Path]:
    """The folder of every experiment, the root's first."""
    found = (root / PARAMS, *sorted(root.glob(f"experiments/*/{PARAMS}")))
    known = _committed(root)
    # One of a person's own is no business of these tools until it is committed.
    return [path.parent for path in found if known is None or path in known]


def _committed(root: Path) -> set[Path] | None:
    """The files of settings that git knows; None without git."""
    command = ["git", "ls-files", "-z", "--", PARAMS, f"experiments/*/{PARAMS}"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return {root / name for name in done.stdout.split("\0") if name} or None


def stale(root: Path) -> Iterator[str]:
    """What is not that of the committed code and settings, a line for each file."""
    for folder in experiments(root):
        for name in COPIED:
            if (folder / name).read_bytes() != (root / name).read_bytes():
                yield f"{folder / name}: is not that of the root"
        try:
            check_code(folder, load_settings(folder))
        except InputError as error:
            yield str(error)
        if lines := list(stale_stages(folder)):
            more = f" ({len(lines) - 1} more of the kind)" if len(lines) > 1 else ""
            yield f"{folder / LOCK}: {lines[0]}{more}; run `make experiments`"
    for name, make in PAGES.items():
        if (root / name).read_text(encoding="utf-8") != make(root):
            yield f"{root / name}: is not what its tool makes"


def stale_stages(folder: Path) -> Iterator[str]:
    """Where dvc.lock is not of the pipeline, the settings and the files beside it."""
    locked = _load(folder / LOCK)["stages"] if (folder / LOCK).is_file() else {}
    wanted, params = stages(folder), _load(folder / PARAMS)
    yield from (f"{name}: is no stage any more" for name in locked if name not in wanted)
    made = {out["path"]: out["md5"] for stage in locked.values() for out in stage.get("outs", [])}
    for name, (command, needed) in wanted.items():
        stage = locked.get(name)
        if stage is None:
            yield f"{name}: has not run"
            continue
        if stage["cmd"] != command or {dep["path"] for dep in stage.get("deps", [])} != needed:
            yield f"{name}: ran from another pipeline"
        for key, value in stage.get("params", {}).get(PARAMS, {}).items():
            if _value(params, key) != value:
                yield f"{name}: {key}: ran with {value}"
        for entry in (*stage.get("deps", []), *stage.get("outs", [])):
            path = entry["path"]
            # What is not committed must be what the lock says was made.
            now = _md5(folder, path) or made.get(path, entry["md5"])
            if now != entry["md5"]:
                yield f"{name}: {path}: is another one now"


def stages(folder: Path) -> dict[str, tuple[str, set[str]]]:
    """The command and the dependencies of each stage that the settings mean, by DVC's names."""
    params, found = _load(folder / PARAMS), {}
    for name, stage in _load(folder / PIPELINE)["stages"].items():
        items: list[dict[str, Any]] = [{}]
        for key, values in stage.get("matrix", {}).items():
            each = _value(params, values.strip("${}"))
            items = [item | {key: value} for item in items for value in each]
        for item in items:
            known = params | {"item": item}

            def fill(text: str, known: dict[str, Any] = known) -> str:
                return re.sub(r"\$\{([^}]*)\}", lambda m: _filled(_value(known, m[1])), text)

            full = f"{name}@{'-'.join(map(str, item.values()))}" if item else name
            found[full] = fill(stage["cmd"]), {fill(dep) for dep in stage.get("deps", [])}
    return found


def bring_up_to_date(root: Path) -> None:
    """Run what is missing, then write the pages. Raises CalledProcessError where a run fails."""
    # Before the experiments copy it.
    (root / PLOT_TEMPLATE).write_text(PAGES[PLOT_TEMPLATE](root), encoding="utf-8")
    times = work_folder(root) / "experiments.json"
    seconds: dict[str, float] = json.loads(times.read_text()) if times.is_file() else {}
    # One that has never run here may take longest.
    todo = sorted(experiments(root), key=lambda f: -seconds.get(_name(root, f), float("inf")))
    for place, folder in enumerate(todo):
        rest = [seconds.get(_name(root, f)) for f in todo[place:]]
        known = sum(value for value in rest if value is not None)
        unknown = f" and {rest.count(None)} of unknown length" if None in rest else ""
        name = _name(root, folder)
        say(f"experiments: {name}, {len(rest)} to go, at most about {known:.0f} s{unknown}")
        for shared in COPIED if folder != root else ():
            shutil.copyfile(root / shared, folder / shared)
        before, began = forget_stages(folder), time.monotonic()
        subprocess.run([sys.executable, "-m", "dvc", "repro"], cwd=folder, check=True)
        # What ran nothing tells nothing of how long it takes.
        if (folder / LOCK).read_text() != before:
            seconds[name] = round(time.monotonic() - began, 1)
            write_file(times, json_bytes(seconds))
    for name, make in PAGES.items():
        (root / name).write_text(make(root), encoding="utf-8")
    subprocess.run(["git", "status", "--short"], cwd=root, check=True)


def forget_stages(folder: Path) -> str:
    """Take stages that are none any more out of dvc.lock, and their results away; what is left.

    DVC leaves both, and what depends on a whole folder of results then depends on them too.
    """
    path = folder / LOCK
    if not path.is_file():
        return ""
    head, *parts = re.split(r"^(?=  \S+:$)", path.read_text(), flags=re.M)
    wanted = stages(folder)
    for kind in ("search", "train"):
        for result in (folder / RESULTS[kind]).glob("*"):
            if f"{kind}@{result.name}" not in wanted:
                shutil.rmtree(result)
    text = head + "".join(p for p in parts if p.partition("\n")[0].strip().rstrip(":") in wanted)
    path.write_text(text)
    return text


def _name(root: Path, folder: Path) -> str:
    return folder.name if folder != root else "root"


def _load(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def _filled(value: Any) -> str:
    """As DVC writes it into a command: a mapping as options, of which words are quoted."""
    if not isinstance(value, dict):
        return str(value)
    return " ".join(
        f"--{key} {shlex.quote(each) if isinstance(each, str) else each}"
        for key, each in value.items()
    )


def _value(content: Any, key: str) -> Any:
    """What stands at a dotted key; None where nothing does."""
    for part in key.split("."):
        content = content.get(part) if isinstance(content, dict) else None
    return content


def _md5(folder: Path, path: str) -> str | None:
    """As DVC has it, of what is committed; None for what is not."""
    place = folder / path
    if place.is_file():
        return hashlib.md5(place.read_bytes(), usedforsecurity=False).hexdigest()
    if not place.is_dir() or not Path(path).is_relative_to(recipes.FOLDER):
        return None
    files = sorted(
        file.relative_to(place).as_posix() for file in place.rglob("*") if file.is_file()
    )
    listed = json.dumps([{"md5": _md5(place, file), "relpath": file} for file in files])
    return hashlib.md5(listed.encode(), usedforsecurity=False).hexdigest() + ".dir"


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        lines = list(stale(ROOT))
        print("\n".join(lines) or "results: everything is of the committed code and settings")
        sys.exit(1 if lines else 0)
    bring_up_to_date(ROOT)
