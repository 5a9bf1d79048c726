"""Where an experiment of a person's own lies, and what DVC needs there.

In a clone of depthgauge, and beside an experiment that is there already, it is experiments/NAME, a
copy of the pipeline at the root. Anywhere else it is the folder itself, as with `dvc init`; where
that has a pipeline or results of something else, the folder NAME in it.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from depthgauge.errors import InputError
from depthgauge.files.contents import read_bytes
from depthgauge.files.into import add_lines
from depthgauge.files.work import WORK_FOLDER, repository_root
from depthgauge.workflow.scm import lies_in_git

PIPELINE, CONFIG, IGNORED = "dvc.yaml", ".dvc/config", ".dvc/.gitignore"
PLOTS, PAGE = ".dvc/plots/loss.json", ".dvc/plots/page.html"
NOT_SEEN, NOT_KEPT = ".dvcignore", ".gitignore"
TEMPLATES = Path(__file__).parent / "templates"
# By what a pipeline is told to be this one.
OURS = b"cmd: depthgauge code"
# Of an experiment: what is there of these belongs to something else.
NAMES = ("params.yaml", PIPELINE, "dvc.lock", "code", "results", "data/prepared")
_CONFIG = """\
[core]
    analytics = false
    check_update = false
"""
# In .dvcignore. What a killed process may leave is no result, and must not change what DVC sees.
LEFT = ".*.partial"
# DVC looks into every other folder for a pipeline.
UNSEEN = (f"{WORK_FOLDER}/", ".venv/", "venv/", LEFT)
# In .gitignore: what DVC keeps in its cache, which it would add where it runs with git.
_CACHED = (
    *("/data/prepared/", "/results/looks/", "/results/report/", "/results/train/"),
    *("/results/metrics.csv", "/results/tracked.csv", "/dvc_plots/"),
)


@dataclass(frozen=True)
class Place:
    """Where a new experiment goes.

    root: the repository of depthgauge whose pipeline it copies; None for the program's own. is_new:
    whether the folder is to be made. because: what of something else lies where it would have gone.
    """

    folder: Path
    root: Path | None
    is_new: bool
    because: str = ""


def find_place(start: Path, name: str) -> Place:
    """Where an experiment called `name` goes. Raises InputError where none can."""
    if not start.is_dir():
        raise InputError(f"{start}: is no folder; make it first, or name another one with -C")
    if (root := _root(start)) is not None:
        place = Place(root / "experiments" / name, root, True)
    elif other := next((n for n in NAMES if os.path.lexists(start / n)), ""):
        place = Place(start / name, None, True, other)
    else:
        place = Place(start, None, False)
    if place.is_new and os.path.lexists(place.folder):
        raise InputError(f"{place.folder}: is there already; choose another name with --name")
    return place


def _root(start: Path) -> Path | None:
    """The repository that a folder lies in: the folder above `experiments`, or of the default."""
    for folder in (start.resolve(), *start.resolve().parents):
        if _has_pipeline(folder) and not _has_pipeline(folder.parent.parent):
            return Path(os.path.relpath(folder))
    return None


def _has_pipeline(folder: Path) -> bool:
    path = folder / PIPELINE
    return path.is_file() and OURS in read_bytes(path)


def find_experiment(start: Path) -> Path:
    """The experiment that a folder lies in: itself, or the nearest above it that has settings and a
    pipeline, as git finds its repository; none beyond the repository. `start` where there is none.
    """
    if (start / NAMES[0]).exists():
        return start
    top = repository_root(start)
    for folder in start.resolve().parents:
        if not folder.is_relative_to(top):
            break
        if all((folder / name).is_file() for name in NAMES[:2]):
            return Path(os.path.relpath(folder))
    return start


def pipeline_files(place: Place) -> dict[Path, bytes]:
    """What DVC needs there, beside what is there already. Raises InputError for what is damaged."""
    if place.root is not None:
        return _copied(place.root)
    # Imported here: altair takes a second.
    from depthgauge.report.dvc_plots import plot_page, plot_template

    files = {
        Path(PIPELINE): read_bytes(TEMPLATES / PIPELINE),
        Path(PLOTS): plot_template().encode(),
    }
    if not (place.folder / ".dvc").exists():
        # Without git, DVC is told to do without.
        config = _CONFIG + ("" if lies_in_git(place.folder) else "    no_scm = true\n")
        config += "[plots]\n    html_template = plots/page.html\n"
        files |= {
            Path(CONFIG): config.encode(),
            Path(IGNORED): b"/config.local\n/tmp\n/cache\n",
            Path(PAGE): plot_page().encode(),
        }
    return {name: data for name, data in files.items() if not (place.folder / name).exists()}


def _copied(root: Path) -> dict[Path, bytes]:
    # The one pipeline, as a file: what DVC shows of an earlier revision is as it was then.
    files = {Path(name): read_bytes(root / name) for name in (PIPELINE, CONFIG, IGNORED, PLOTS)}
    # A DVC repository of its own, with the root's cache and page: DVC at the root is of the root.
    page = PAGE.removeprefix(".dvc/").encode()
    config = files[Path(CONFIG)].replace(page, f"../../../{PAGE}".encode())
    files[Path(CONFIG)] = config + b"\n[cache]\n    dir = ../../../.dvc/cache\n"
    files[Path(NOT_SEEN)] = f"{LEFT}\n".encode()
    return files


def other_stages(folder: Path) -> list[str]:
    """The stages of the experiment's dvc.yaml that are not those of this version of depthgauge:
    missing, or with other commands, inputs or outputs. Stages of one's own are nobody's business.

    Empty where there is no pipeline of depthgauge; what is wrong with the file itself DVC says.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if not _has_pipeline(folder):
        return []
    with suppress(YAMLError, AttributeError):
        now, there = (YAML(typ="safe").load(read_bytes(f / PIPELINE)) for f in (TEMPLATES, folder))
        stages = there.get("stages") or {}
        return [name for name, stage in now["stages"].items() if stages.get(name) != stage]
    return []


def ignore_results(place: Place) -> None:
    """Keep from git and from DVC's search for pipelines what is not theirs: lines at the end of
    .gitignore and .dvcignore. Raises InputError where these cannot be written."""
    if place.root is not None:
        return
    folder = place.folder
    add_lines(folder / NOT_SEEN, UNSEEN)
    add_lines(folder / NOT_KEPT, _CACHED)
    add_lines(repository_root(folder) / NOT_KEPT, (f"/{WORK_FOLDER}/", LEFT))
