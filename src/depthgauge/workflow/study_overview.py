"""What studies have found, on a terminal: their best trials, history and importances."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import optuna
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from depthgauge.progress import named_values
from depthgauge.report.console import PLAIN_WIDTH
from depthgauge.search.attributes import DIVERGED, PLAN, WHY_FAILED
from depthgauge.search.outcome import importances
from depthgauge.search.study import finished_trials

BEST = 5
BLOCKS, WIDTH = "▁▂▃▄▅▆▇█", 60


@dataclass(frozen=True)
class Overview:
    """One study. counts: trials by what became of them, none of those of which there is none.

    names: of the searched values, in the order of the search. value: what the value of a trial is
    called. best: the best complete trials, the best first.
    history: the best value so far, after each finished trial; None before one is complete.
    importances: shares of what the values of complete trials vary by, empty where too few are.
    """

    name: str
    counts: Mapping[str, int]
    names: Sequence[str]
    value: str
    best: Sequence[FrozenTrial]
    history: Sequence[float | None]
    importances: Mapping[str, float]


def studies_of(storage: optuna.storages.BaseStorage, experiment: str | None) -> list[optuna.Study]:
    """The studies of an experiment, None for all there are, by recipe, point and number."""
    names = optuna.get_all_study_names(storage)
    found = [optuna.load_study(study_name=name, storage=storage) for name in names]
    own = [s for s in found if experiment is None or _is_of(s, experiment)]
    return sorted(own, key=_place)


def newest(studies: Sequence[optuna.Study]) -> list[optuna.Study]:
    """Of studies of one recipe, point and number, which other settings or other code have left, the
    last one that was begun; all that are none of ours."""
    last = {_place(study)[:-1] if _plan(study) else _place(study): study for study in studies}
    return list(last.values())


def _is_of(study: optuna.Study, experiment: str) -> bool:
    plan = _plan(study)
    if not plan:
        return False
    of = "" if plan["recipe"] == "tuned" else f"{plan['recipe']} "
    begin = f"{experiment} {of}{plan['axis']} {plan['point']} study {plan['study']} "
    return study.study_name.startswith(begin)


def _plan(study: optuna.Study) -> dict[str, Any]:
    """Empty for a study that is none of ours."""
    plan = study.user_attrs.get(PLAN)
    if isinstance(plan, dict) and plan.keys() >= {"recipe", "axis", "point", "study"}:
        return plan
    return {}


def _place(study: optuna.Study) -> tuple[Any, ...]:
    plan = _plan(study)
    if not plan:
        return (1, study.study_name)
    point = plan["point"]
    # Points are numbers, or words.
    at = (isinstance(point, str), point)
    return (0, plan["axis"], plan["recipe"], *at, plan["study"], study._study_id)


def overview(study: optuna.Study) -> Overview:
    """What a study has found. Of one of several objectives, the counts alone."""
    trials = study.get_trials(deepcopy=False)
    states = [_state(trial) for trial in trials]
    counts = {state: states.count(state) for state in dict.fromkeys([*_ORDER, *states])}
    counts = {state: count for state, count in counts.items() if count}
    if len(study.directions) > 1:
        return Overview(study.study_name, counts, [], "several objectives", [], [], {})
    sign = -1 if study.direction is StudyDirection.MAXIMIZE else 1
    finished = finished_trials(study)
    complete = [trial for trial in finished if trial.state is TrialState.COMPLETE]
    history: list[float | None] = []
    for trial in finished:
        known = [history[-1]] if history and history[-1] is not None else []
        new = [trial.values[0]] if trial.state is TrialState.COMPLETE else []
        history.append(min([*known, *new], key=lambda value: sign * value, default=None))
    space = _plan(study).get("space", {})
    # The first of equals wins, as in the search.
    best = sorted(complete, key=lambda trial: sign * trial.values[0])[:BEST]
    return Overview(
        study.study_name,
        counts,
        list(dict.fromkeys([*space, *(name for trial in best for name in trial.params)])),
        (study.metric_names or ["value"])[0],
        best,
        history,
        _importances(complete, study.direction),
    )


_ORDER = ("complete", "pruned", DIVERGED, "failed", "running", "waiting")


def _state(trial: FrozenTrial) -> str:
    if trial.state is not TrialState.FAIL:
        return trial.state.name.lower()
    return DIVERGED if trial.user_attrs.get(WHY_FAILED) == DIVERGED else "failed"


def _importances(complete: Sequence[FrozenTrial], direction: StudyDirection) -> dict[str, float]:
    """Of what all complete trials have."""
    if not complete:
        return {}
    kinds = complete[0].distributions
    if any(trial.distributions != kinds for trial in complete):
        return {}
    return importances(kinds, complete, direction)


def show(found: Sequence[Overview], stream: TextIO) -> None:
    """Print each study as a few lines: with colours on a terminal (less NO_COLOR), else plain."""
    terminal = stream.isatty()
    width = None if terminal else PLAIN_WIDTH
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
    blocks = "utf" in (stream.encoding or "").lower()
    for number, each in enumerate(found):
        if number:
            console.print()
        counts = ", ".join(f"{count} {state}" for state, count in each.counts.items())
        console.print(f"{each.name}: {counts or 'no trial yet'}", style="bold")
        for line in _lines(each, blocks):
            console.print(Padding.indent(line, 2))


def _lines(each: Overview, blocks: bool) -> list[str | Table]:
    if not each.best:
        return [f"{each.value}: no best trial"]
    best = each.best[0]
    chosen = named_values(best.params, [name for name in each.names if name in best.params])
    lines: list[str | Table] = [
        f"best: trial {best.number}, {each.value} {best.values[0]:.4g} with {chosen}",
        _table(each),
        f"best so far: {history_line(each.history)}"
        + (f"  {chart(each.history)}" if blocks and len(each.history) > 1 else ""),
    ]
    count = each.counts["complete"]
    if each.importances:
        ranked = sorted(each.importances.items(), key=lambda item: -item[1])
        shares = ", ".join(f"{name} {share:.2f}" for name, share in ranked)
        lines.append(f"importances: {shares} (PED-ANOVA, from {count} complete trials)")
    else:
        lines.append(f"importances: {count} complete trials tell none")
    return lines


def _table(each: Overview) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("trial", each.value, *each.names):
        table.add_column(name, justify="right")
    for trial in each.best:
        cells = (_text(trial.params.get(name)) for name in each.names)
        table.add_row(str(trial.number), _text(trial.values[0]), *cells)
    return table


def _text(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def history_line(history: Sequence[float | None]) -> str:
    """The best value after 1, 2, 4, ... finished trials, and after all."""
    counts = [2**k for k in range(len(history).bit_length()) if 2**k < len(history)]
    at = [(count, history[count - 1]) for count in [*counts, len(history)]]
    return ", ".join(f"{_text(value)} after {count}" for count, value in at)


def chart(history: Sequence[float | None]) -> str:
    """The best value as blocks, one a trial or a few trials; from the worst of them to the best."""
    step = max(1, math.ceil(len(history) / WIDTH))
    # Each block is the last of its trials.
    last = [history[min(k + step, len(history)) - 1] for k in range(0, len(history), step)]
    known = [value for value in history if value is not None and math.isfinite(value)]
    if not known:
        return ""
    low, high = min(known), max(known)

    def block(value: float | None) -> str:
        if value is None or not math.isfinite(value):
            return " "
        share = (value - low) / (high - low) if high > low else 0.0
        return BLOCKS[round(share * (len(BLOCKS) - 1))]

    return "".join(block(value) for value in last)
