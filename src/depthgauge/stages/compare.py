"""compare: say which of several configurations' runs differ for real, whoever trained them.

SOURCE is a CSV or Parquet file (a row a run, a row a run and step, or what W&B and Neptune
export), the name of an MLflow experiment, or the folder of an experiment of depthgauge. Runs are
grouped by every setting but the seed, all pairs are compared, and what cannot be told is said. The
MLflow store is what MLFLOW_TRACKING_URI names, else the one of this folder. Nothing is written
without --write.

examples:
  depthgauge compare runs.csv
  depthgauge compare sweep.parquet --metric val_accuracy --seed data_seed
  depthgauge compare "my MLflow experiment" --metric test_loss --order depth
  depthgauge compare --query "params.model = 'mlp'" --metric test_loss --write
  depthgauge compare runs.csv --text > comparison.tex
"""

import os
import sys
from pathlib import Path

from depthgauge.comparison.console import as_json, show
from depthgauge.comparison.group import group_runs
from depthgauge.comparison.result import Found, find
from depthgauge.comparison.runs import Asked, RunTable
from depthgauge.comparison.text import paper_text
from depthgauge.comparison.threshold import Along, thresholds
from depthgauge.errors import InputError
from depthgauge.progress import say


def compare(
    folder: Path,
    source: str | None,
    query: str | None,
    metric: str | None,
    higher: bool | None,
    seed: list[str] | None,
    by: list[str] | None,
    ignore: list[str] | None,
    order: str | None,
    alpha: float,
    write: bool,
    form: str,
) -> None:
    """Compare and print; form: "table", "text" or "json".

    Raises InputError, in one line that says what to name, where the runs do not tell.
    """
    if not 0 < alpha < 1:
        raise InputError(f"--alpha {alpha}: must lie between 0 and 1")
    asked = Asked(metric, higher, seed or (), by or (), ignore or (), order, alpha)
    path = None if source is None else folder / source
    if path is not None and (path.is_file() or path.suffix in (".csv", ".parquet", ".tsv")):
        _refuse(query, write, path)
        from depthgauge.comparison.tables import read_table

        _tell(*_compared(read_table(path, asked), asked), form)
    elif path is not None and (path / "params.yaml").is_file():
        _refuse(query, write, path)
        from depthgauge.comparison.experiment import read_experiment

        _tell(*_compared(read_experiment(path, asked), asked), form)
    elif source is None and query is None:
        raise InputError("compare: name a file, an MLflow experiment, or --query FILTER")
    else:
        from depthgauge.comparison.mlflow_runs import open_client, read_runs
        from depthgauge.comparison.mlflow_write import write_back

        with open_client(folder, os.environ, source) as client:
            table = read_runs(client, source, query or "", asked)
            found, along = _compared(table, asked)
            _tell(found, along, form)
            if write:
                count = write_back(client, table, found)
                say(f"compare: {count} of {len(table.settings)} runs tagged anew in MLflow")


def _refuse(query: str | None, write: bool, path: Path) -> None:
    for name, given in (("--query", query is not None), ("--write", write)):
        if given:
            raise InputError(f"{name}: is for runs in MLflow; {path} is none of its experiments")


def _compared(table: RunTable, asked: Asked) -> tuple[Found, list[Along]]:
    found = find(table, group_runs(table, asked), asked)
    return found, [] if asked.order is None else thresholds(found, asked.order, asked.alpha)


def _tell(found: Found, along: list[Along], form: str) -> None:
    if form == "table":
        show(found, along, sys.stdout)
    else:
        sys.stdout.write(paper_text(found) if form == "text" else f"{as_json(found, along)}\n")
