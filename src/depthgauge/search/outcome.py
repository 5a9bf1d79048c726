"""What the finished trials of a study say, whatever else the study holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import optuna
from optuna.distributions import BaseDistribution
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from depthgauge.errors import InputError
from depthgauge.search.attributes import DIVERGED
from depthgauge.search.plan import Plan
from depthgauge.training.recipe import Recipe

Row = dict[str, Any]

STATES = {TrialState.COMPLETE: "complete", TrialState.PRUNED: "pruned", TrialState.FAIL: DIVERGED}


@dataclass(frozen=True)
class Outcome:
    """The winner and every trial.

    trials: a row each: trial, state, value, best_so_far, epochs, and the searched values. curves:
    a row for each trial and report: trial, epoch, value. importances: a row for each searched
    value: its share of what the trials' values vary by, empty where too few are complete.
    """

    best: int
    value: float
    recipe: Recipe
    trials: list[Row]
    curves: list[Row]
    importances: list[Row]


def outcome(plan: Plan, finished: Sequence[FrozenTrial]) -> Outcome:
    """The outcome of finished trials, in their order; the first of equals wins.

    Raises InputError if none is complete.
    """
    trials: list[Row] = []
    curves: list[Row] = []
    best: int | None = None
    for index, trial in enumerate(finished):
        value = trial.value if trial.state is TrialState.COMPLETE else None
        if value is not None and (best is None or value < finished[best].values[0]):
            best = index
        reports = sorted(trial.intermediate_values.items())
        least = None if best is None else finished[best].value
        row = {"trial": index, "state": STATES[trial.state], "value": value, "best_so_far": least}
        row["epochs"] = reports[-1][0] if reports else 0
        trials.append(row | {name: trial.params[name] for name in plan.space})
        curves += [{"trial": index, "epoch": epoch, "value": value} for epoch, value in reports]
    if best is None:
        raise InputError(
            f"search: none of {len(finished)} trials of {plan.axis} {plan.point} ended well; "
            "in params.yaml, lower search.space.learning_rate or raise search.trials"
        )
    winner, space = finished[best], plan.distributions()
    recipe, shares = plan.recipe_with(winner.params), importances(space, finished)
    rows = [{"parameter": name, "importance": shares.get(name)} for name in space]
    return Outcome(best, winner.values[0], recipe, trials, curves, rows)


def best_value(finished: Sequence[FrozenTrial]) -> float | None:
    """The least value of the complete trials; None where there is none."""
    return min((t.values[0] for t in finished if t.state is TrialState.COMPLETE), default=None)


def importances(
    distributions: Mapping[str, BaseDistribution],
    finished: Sequence[FrozenTrial],
    direction: StudyDirection = StudyDirection.MINIMIZE,
) -> dict[str, float]:
    """By PED-ANOVA (Watanabe, Bansal and Hutter 2023), which has no randomness of its own.

    Empty where the complete trials are too few.
    """
    complete = [trial for trial in finished if trial.state is TrialState.COMPLETE]
    varied = [d for d in distributions.values() if not d.single()]
    # Of fewer trials or of one value nothing can be said.
    if len(complete) < 4 or len(varied) < 2 or len({t.value for t in complete}) < 2:
        return {}
    study = optuna.create_study(direction=direction)
    study.add_trials(complete)
    return get_param_importances(study, evaluator=PedAnovaImportanceEvaluator())
