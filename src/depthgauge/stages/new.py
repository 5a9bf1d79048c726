"""new: look at a table of your own and make an experiment for it.

Says what it found in the table and writes its guesses, each with a comment, into params.yaml, with
the pipeline and what DVC needs beside it: in this folder; in the folder NAME where this one has a
pipeline of something else; in experiments/NAME where it is an experiment already, as a clone of
depthgauge is. Nothing is ever overwritten. Without --target it names the
columns; a .ts file says itself what to predict. With --network it tries a class of your own on
the data, called as CLASS(inputs, outputs, depth=..., width=...), and copies its file, with what
that imports from its folder, beside params.yaml.

examples:
  depthgauge new my.csv --target price
  depthgauge new my.csv --target price --inputs size rooms town
  depthgauge new views.csv --target views --kind series --date day
  depthgauge new my.csv --target price --network my_networks.py:Net
  depthgauge new steps.csv --target walker --kind sequences --id walk --date second
  depthgauge new JapaneseVowels_TRAIN.ts
"""

import contextlib
import re
import shlex
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from depthgauge.codes.registry import HINT, codes_in, with_code
from depthgauge.errors import InputError
from depthgauge.files.atomic import new_folder
from depthgauge.files.into import into_folder
from depthgauge.hints import command, seen_from_here
from depthgauge.infer.doubts import header_line
from depthgauge.infer.experiment import infer_experiment
from depthgauge.infer.inferred import Kind, Overrides
from depthgauge.infer.target import TableTask
from depthgauge.settings.load import FILE, load_settings, parse_settings
from depthgauge.settings.params_file import params_text
from depthgauge.settings.schema import Settings
from depthgauge.tables.sizes import read_raw
from depthgauge.tables.sniff import sniff
from depthgauge.tables.table import Table, parse_table, quote, require_columns
from depthgauge.tables.ts import CLASS, VALUE, is_ts
from depthgauge.workflow.layout import Place, find_place, ignore_results, pipeline_files
from depthgauge.workflow.scm import lacks_scm

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
    network: str | None = None,
    id: str | None = None,
    inputs: Sequence[str] | None = None,
) -> None:
    """Look at a table and make an experiment for it, whole or not at all.

    start: the folder, or one within a repository that has an experiment already. target: None to be
    told the columns. inputs: the columns that alone predict it, None for all that can. network:
    FILE:CLASS, None for the usual one.
    Raises InputError for a table that no experiment can be made of, a network that cannot be
    trained on it, and a folder that is there already; nothing has been written then.
    """
    raw = file
    name = _name(raw, name)
    place = find_place(start, name)
    folder = place.folder
    data = read_raw(raw)
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
            + (f"; {said}" if (said := _header_line(table, data)) else "")
        )
    require_columns(table, [target])
    overrides = Overrides(target, kind, task, date, id, None if inputs is None else tuple(inputs))
    copy, is_there = _raw_path(place, raw)
    own = None
    if network is not None:
        # Imported here: few have one.
        from depthgauge.infer.network import infer_network

        own = infer_network(network)
    section = None if own is None else own.settings
    settings, inferred = infer_experiment(table, name, copy.as_posix(), written, overrides, section)
    files = ({} if is_there else {copy: data}) | (
        {Path(n): text for n, text in own.files.items()} if own else {}
    )
    heading = HEADING.format(name, quote(raw.name))
    with _new_experiment(place) as partial:
        try:
            files |= pipeline_files(place)
            if is_there:
                # Seen from there, while it is judged.
                files |= {copy: data}
            lines = _fill(partial, files, settings, heading, inferred.notes)
            if is_there:
                (partial / copy).unlink()
        except InputError as error:
            what = str(error).replace(str(partial / copy), str(raw))
            raise InputError(what.replace(str(partial), str(folder))) from error
    print(f"new: {raw}: {len(table.lines):,} rows, {len(table.columns)} columns")
    if of_archive:
        print(f"  read as {written.encoding}, a .ts file")
    elif data[:4] != b"PAR1":
        plain = (written.separator, written.decimal) == (",", ".")
        mark = "" if plain else f", decimal mark {quote(written.decimal)}"
        print(f"  read as {written.encoding}, separated by {quote(written.separator)}{mark}")
        if said := _header_line(table, data):
            print(f"  {said}")
    found = [*filter(None, inferred.messages), *([own.message, *lines] if own else ())]
    for line in found:
        print(f"  {with_code(line)}")
    if codes_in("\n".join(found)):
        print(f"  ({HINT})")
    if place.because:
        print(f"new: {place.because} is there already, of something else: made in {folder} instead")
    copied = (
        "the file stays where it is" if is_there else f"its copy of the file is {folder / copy}"
    )
    print(f"new: these guesses are in {folder / FILE}; {copied}")
    first = "next:"
    if (without := lacks_scm(folder)) is not None:
        print(f"{first} git init {shlex.quote(seen_from_here(without))}      (DVC needs it)")
        first = "     "
    print(f"{first} {command(folder, 'depthgauge check')}")
    # Where the Makefile is, it needs no active environment.
    is_clone = place.root is not None and Path("Makefile").is_file()
    made = f"make repro EXPERIMENT={folder}      (or: " if is_clone else ""
    print(f"      {made}{command(folder, 'dvc repro')}{')' if made else ''}")


def _header_line(table: Table, data: bytes) -> str:
    """That row 1 looks like data; in Parquet, names are what they are."""
    return "" if data[:4] == b"PAR1" else with_code(header_line(table))


def _raw_path(place: Place, raw: Path) -> tuple[Path, bool]:
    """Where the experiment finds the table, from its folder, and whether it is there already."""
    inside = raw.resolve().is_relative_to(place.folder.resolve()) and not place.is_new
    if inside:
        path = raw.resolve().relative_to(place.folder.resolve())
        # In the pipeline it is a name among others, and DVC reads some signs otherwise.
        if re.fullmatch(r"[\w. /-]+", path.as_posix()) and not raw.is_symlink():
            return path, True
    return Path("data/raw") / (re.sub(r"[^\w.-]+", "_", raw.name).lstrip(".-") or "raw"), False


@contextlib.contextmanager
def _new_experiment(place: Place) -> Iterator[Path]:
    """As `new_folder`; the folder of all experiments goes too where it was made for nothing."""
    if not place.is_new:
        with into_folder(place.folder) as partial:
            yield partial
        ignore_results(place)
        return
    is_first = not place.folder.parent.exists()
    try:
        with new_folder(place.folder) as partial:
            yield partial
    except BaseException:
        if is_first:
            with contextlib.suppress(OSError):
                place.folder.parent.rmdir()
        raise
    ignore_results(place)


def _fill(
    folder: Path,
    files: Mapping[Path, bytes],
    settings: Settings,
    heading: str,
    notes: Mapping[str, Sequence[str]],
) -> list[str]:
    """Everything that belongs into an experiment's folder; what it says must hold.

    Returns what there is to say of a network of one's own.
    """
    # Imported here: a table that is refused is told without the seconds that these take.
    from depthgauge.artifacts.raw import prepare_data

    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / FILE).write_text(params_text(settings, heading, notes), encoding="utf-8")
    written = load_settings(folder)
    dataset = prepare_data(folder, written).dataset
    if not written.recipe.network.sources():
        return []
    from depthgauge.workflow.try_own import try_own, usable_points

    points, left_out = usable_points(written, dataset)
    if left_out:
        wrapped = [part for line in left_out for part in textwrap.wrap(line, 90)]
        settings = parse_settings(settings.model_dump() | {"points": points}, FILE)
        text = params_text(settings, heading, {**notes, "points": wrapped})
        (folder / FILE).write_text(text, encoding="utf-8")
    return [*left_out, *try_own(written, dataset, points)]


def _name(raw: Path, name: str | None) -> str:
    if name is None:
        # Letters with marks without them: koln for Köln.
        plain = unicodedata.normalize("NFKD", raw.stem.replace("ß", "ss"))
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        name = re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-._").lower()[:100]
        # Of other letters none is left; the file has its name all the same.
        name = name or "experiment"
    if not _NAME.fullmatch(name):
        raise InputError(
            f"--name {quote(name)}: must be letters, digits, dots, hyphens and underscores"
        )
    return name
