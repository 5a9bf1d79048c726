"""The experiment that a sweep means: its settings, its files, and what there is to say of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from depthgauge.errors import InputError
from depthgauge.files.contents import read_bytes
from depthgauge.infer.experiment import infer_experiment
from depthgauge.infer.inferred import Overrides
from depthgauge.infer.network import infer_network
from depthgauge.notebook.data import Raw
from depthgauge.notebook.keywords import is_swept, with_keywords
from depthgauge.settings.load import load_settings, parse_settings
from depthgauge.settings.schema import Settings
from depthgauge.tables.sniff import sniff
from depthgauge.tables.table import PLAIN, Table, parse_table, require_columns

# Where data in memory are put for a moment, and what an experiment of theirs is called.
FILE, NAME = "data.parquet", "sweep"
# What the person says of the data beside their settings: arguments of `depthgauge new`.
SAID = ("kind", "task", "date", "id", "inputs")
# Without a hidden layer most networks of one's own are none.
OWN_POINTS = {"depth": range(1, 7)}
# MLflow is left alone, however long a training takes.
NEVER_S = 1e12


@dataclass(frozen=True)
class Experiment:
    """settings: of all that is run. files: what they name, by where it lies from their folder.

    notes: a line each. file: that of data in memory.
    """

    settings: Settings
    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()
    file: str = ""


def of_folder(folder: Path, given: Mapping[str, Any]) -> Experiment:
    """The experiment in a folder, with some settings replaced."""
    written = load_settings(folder)
    settings = _settings(written.model_dump(), given)
    path = settings.data.path
    sources = settings.recipe.network.sources()
    return Experiment(settings, {path: read_bytes(folder / path)} | sources)


def of_file(path: Path, target: str | None, given: Mapping[str, Any]) -> Experiment:
    """The experiment that `depthgauge new` would make of a file."""
    data = read_bytes(path)
    written = sniff(path, data)
    if target is None:
        raise InputError(f"{path}: name the column to predict with --target")
    return _inferred(parse_table(path, data, written), {path.name: data}, written, target, given)


def of_memory(raw: Raw, given: Mapping[str, Any]) -> Experiment:
    """The experiment that `depthgauge new` would make of a table, were it in a file."""
    data = raw.parquet()
    table = parse_table(Path(FILE), data, PLAIN)
    said = {"kind": raw.kind, "inputs": raw.inputs, "group": raw.group} | dict(given)
    found = _inferred(table, {FILE: data}, PLAIN, raw.target, said)
    return Experiment(found.settings, found.files, found.notes, FILE)


def _inferred(
    table: Table, files: Mapping[str, bytes], written: Any, target: str, given: Mapping[str, Any]
) -> Experiment:
    said = {name: given.get(name) for name in SAID}
    inputs = said.pop("inputs")
    overrides = Overrides(target, inputs=None if inputs is None else tuple(inputs), **said)
    (path,) = files
    rest = {name: value for name, value in given.items() if name not in SAID}
    if (group := rest.get("group")) is None:
        rest.pop("group", None)
    else:
        require_columns(table, [group])
        table = _without(table, group)
    own = None
    if isinstance(network := rest.get("network"), str) and ":" in network:
        own = infer_network(network)
        rest = ({} if is_swept(rest) else OWN_POINTS) | rest
        del rest["network"]
        files = {**files, **own.files}
    section = None if own is None else own.settings
    settings, inferred = infer_experiment(table, NAME, path, written, overrides, section)
    content = settings.model_dump() | {"experiment": NAME}
    return Experiment(_settings(content, rest), files, tuple(filter(None, inferred.messages)))


def _settings(content: dict[str, Any], given: Mapping[str, Any]) -> Settings:
    content = with_keywords(content, given)
    content["tracking"] = {**content["tracking"], "live_after": NEVER_S}
    return parse_settings(content, "params.yaml")


def _without(table: Table, name: str) -> Table:
    columns = tuple(column for column in table.columns if column != name)
    cells = {column: table.cells[column] for column in columns}
    return replace(table, columns=columns, cells=cells)
