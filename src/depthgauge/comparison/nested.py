"""Nested runs of MLflow: repetitions below their settings, runs below a search, parts of a run.

A parent is no run of its own where those below it have the metric: its number is their mean, or
that of the best. Where only parents have it, what is below them are parts (folds, evaluations).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from depthgauge.comparison.names import Role, choose_metric, role
from depthgauge.comparison.runs import Asked
from depthgauge.report.prose.numbers import counted


@dataclass(frozen=True)
class Logged:
    """What one run has logged; parent: the id of the run that it is nested in."""

    params: Mapping[str, str]
    metrics: Mapping[str, float]
    parent: str | None
    experiment: str


def without_nesting(
    found: Mapping[str, Logged], asked: Asked
) -> tuple[dict[str, Logged], tuple[str, ...]]:
    """One layer of runs, and what is to be said of the others.

    Runs that differ by nothing but their seed below each parent are its repetitions, and take its
    parameters.
    """
    below: dict[str, list[str]] = defaultdict(list)
    for run_id, run in found.items():
        if run.parent in found:
            below[str(run.parent)].append(run_id)
    if not below:
        return dict(found), ()
    kept = _inheriting(found, below, asked)
    names = [*dict.fromkeys(name for run in found.values() for name in run.metrics)]
    metric = asked.metric or choose_metric([name for name in names if role(name) is not Role.SIZE])
    if metric is None:
        return kept, ()
    above = {run_id: _above(found, run_id) for run_id in found}
    having = {run_id for run_id, run in found.items() if metric in run.metrics}
    parents = {parent for run_id in having for parent in above[run_id]}
    whole = having - parents
    parts = {run_id for run_id in found.keys() - having if whole & {*above[run_id]}}
    notes = []
    if parents:
        notes.append(f"{counted(len(parents), 'run')} that others are nested in: left out")
    if parts:
        notes.append(f"{counted(len(parts), 'run')} nested in others, without {metric}: left out")
    gone = parents | parts
    return {run_id: run for run_id, run in kept.items() if run_id not in gone}, tuple(notes)


def _above(found: Mapping[str, Logged], run_id: str) -> list[str]:
    """The parent, its parent and so on."""
    ids: list[str] = []
    while (parent := found[run_id].parent) in found and parent not in ids:
        run_id = str(parent)
        ids.append(run_id)
    return ids


def _inheriting(
    found: Mapping[str, Logged], below: Mapping[str, list[str]], asked: Asked
) -> dict[str, Logged]:
    parents = [
        parent for parent, children in below.items() if _are_repetitions(found, children, asked)
    ]
    heirs = {child for parent in parents for child in below[parent]}

    def params(run_id: str) -> dict[str, str]:
        taken = dict(found[run_id].params)
        for parent in _above(found, run_id):
            if run_id not in heirs:
                break
            taken = {**found[parent].params, **taken}
            run_id = parent
        return taken

    return {run_id: replace(run, params=params(run_id)) for run_id, run in found.items()}


def _are_repetitions(found: Mapping[str, Logged], children: list[str], asked: Asked) -> bool:
    luck = (Role.SEED, Role.FOLD)
    said = {
        frozenset(
            (name, value)
            for name, value in found[run_id].params.items()
            if role(name) not in luck and name not in asked.seed
        )
        for run_id in children
    }
    return len(said) == 1 and len(children) > 1
