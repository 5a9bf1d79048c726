"""new: look at a table of your own and make experiments/NAME for it.

Says what it found in the table and writes its guesses, each with a comment, into
experiments/NAME/params.yaml. Nothing is ever overwritten. Without --target it names the
columns; a .ts file says itself what to predict.

examples:
  depthgauge new my.csv --target price
  depthgauge new views.csv --target views --kind series --date day
  depthgauge new steps.csv --target walker --kind sequences --id walk --date second
  depthgauge new JapaneseVowels_TRAIN.ts
"""

import os
import re
from pathlib import Path

from depthgauge.errors import InputError
from depthgauge.files.atomic import new_folder
from depthgauge.files.contents import read_bytes
from depthgauge.infer.experiment import infer_experiment
from depthgauge.infer.inferred import Kind, Overrides
from depthgauge.infer.target import TableTask
from depthgauge.settings.load import FILE, load_settings
from depthgauge.settings.params_file import params_text
from depthgauge.tables.sniff import sniff
from depthgauge.tables.table import parse_table, quote, require_columns
from depthgauge.tables.ts import CLASS, VALUE, is_ts

PIPELINE, CONFIG = "dvc.yaml", ".dvc/config"
IGNORED, PLOTS = ".dvc/.gitignore", ".dvc/plots/loss.json"
HEADING = (
    "The experiment {}, as `depthgauge new` guessed it from {}: read the\n"
    "section `data`, and change what is wrong. The comments explain every setting."
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def new(
    start: Path,
    file: Path,
    target: str | None,
    name: str | None,
    kind: Kind | None,
    task: TableTask | None,
    date: str | None,
    id: str | None = None,
) -> None:
    """Look at a table and make experiments/NAME for it, whole or not at all.

    start: a folder within the repository. target: None to be told the columns. Raises
    InputError for a table that no experiment can be made of, and for a folder that is there
    already; nothing has been written then.
    """
    raw, root = file, _root(start)
    name = _name(raw, name)
    folder = root / "experiments" / name
    if os.path.lexists(folder):
        raise InputError(f"{folder}: is there already; choose another name with --name")
    data = read_bytes(raw)
    written = sniff(raw, data)
    table = parse_table(raw, data, written)
    if of_archive := is_ts(raw, data):
        kind = kind or "sequences"
        target = target or next((n for n in (CLASS, VALUE) if n in table.columns), None)
    if target is None and of_archive:
        raise InputError(f"{raw}: its sequences have no label (@classLabel): nothing to predict")
    if target is None:
        columns = ", ".join(quote(column) for column in table.columns[:20])
        more = f" and {len(table.columns) - 20} more" if len(table.columns) > 20 else ""
        raise InputError(
            f"{raw}: name the column to predict with --target; there are {columns}{more}"
        )
    require_columns(table, [target])
    overrides = Overrides(target, kind, task, date, id)
    copy = Path("data/raw") / (re.sub(r"[^\w.-]+", "_", raw.name).lstrip(".-") or "raw")
    settings, inferred = infer_experiment(table, name, copy.as_posix(), written, overrides)
    text = params_text(settings, HEADING.format(name, quote(raw.name)), inferred.notes)
    with new_folder(folder) as partial:
        try:
            _fill(partial, root, copy, data, text)
        except InputError as error:
            what = str(error).replace(str(partial / copy), str(raw))
            raise InputError(what.replace(str(partial), str(folder))) from error
    print(f"new: {raw}: {len(table.lines):,} rows, {len(table.columns)} columns")
    if of_archive:
        print(f"  read as {written.encoding}, a .ts file")
    elif data[:4] != b"PAR1":
        mark = "" if written.separator == "," else f", decimal mark {quote(written.decimal)}"
        print(f"  read as {written.encoding}, separated by {quote(written.separator)}{mark}")
    for line in filter(None, inferred.messages):
        print(f"  {line}")
    shown_folder = f"experiments/{name}"
    print(f"new: these guesses are in {shown_folder}/params.yaml; a copy of the file is beside it")
    print(f"next: depthgauge -C {shown_folder} check")
    print(f"      make repro EXPERIMENT={shown_folder}      (or: cd {shown_folder} && dvc repro)")


def _fill(folder: Path, root: Path, copy: Path, data: bytes, text: str) -> None:
    """Everything that belongs into an experiment's folder; what it says must hold."""
    # Imported here: a table that is refused is told without the seconds that these take.
    from depthgauge.artifacts.raw import prepare_data

    # The one pipeline, as a file: what DVC shows of an earlier revision is as it was then.
    files = {name: read_bytes(root / name) for name in (PIPELINE, CONFIG, IGNORED, PLOTS)}
    # A DVC repository of its own, with the root's cache: DVC at the root is of the root alone.
    files[CONFIG] += b"\n[cache]\n    dir = ../../../.dvc/cache\n"
    files |= {copy.as_posix(): data, FILE: text.encode()}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    prepare_data(folder, load_settings(folder))


def _root(start: Path) -> Path:
    """The repository that a folder lies in: the folder above `experiments`, or of the default."""
    for folder in (start.resolve(), *start.resolve().parents):
        if _has_pipeline(folder) and not _has_pipeline(folder.parent.parent):
            return Path(os.path.relpath(folder))
    raise InputError(
        f"{start.resolve()}: is not in a repository of depthgauge; run this where dvc.yaml and "
        ".dvc lie, or name that folder with -C"
    )


def _has_pipeline(folder: Path) -> bool:
    return (folder / PIPELINE).is_file() and (folder / CONFIG).is_file()


def _name(raw: Path, name: str | None) -> str:
    if name is None:
        name = re.sub(r"[^A-Za-z0-9_.-]+", "-", raw.stem).strip("-._").lower()[:100]
        if not name:
            raise InputError(f"{raw}: name the experiment with --name")
    if not _NAME.fullmatch(name):
        raise InputError(
            f"--name {quote(name)}: must be letters, digits, dots, hyphens and underscores"
        )
    return name
