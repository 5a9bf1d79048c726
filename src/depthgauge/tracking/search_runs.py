"""What the runs of a search hold: one for its study, and below it one for each trial."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from depthgauge.artifacts.search import Search, Trial, search_name
from depthgauge.tracking.curves import Metrics
from depthgauge.tracking.descriptions import describe
from depthgauge.tracking.runs import (
    DESCRIPTION,
    KIND,
    STUDY,
    TRIAL,
    RunContent,
    place_tags,
    source_tags,
)

# The recipe that is searched.
STATE = "depthgauge.trial_state"
# A trial's state as MLflow's status of its run.
STATUS = {"complete": "FINISHED", "pruned": "KILLED", "diverged": "FAILED"}


def study_runs(search: Search, experiment: str, commit: Mapping[str, str]) -> Iterator[RunContent]:
    """The parent run of one study for the values of a recipe, then a child run of each trial.

    Its recipe digest is that of the run of the point that was trained with what all studies found.
    """
    plan = search.study.plan
    yield RunContent(
        name=search_name(plan["recipe"], plan["axis"], plan["point"], search.number),
        tags={
            KIND: "study",
            STUDY: search.study.name,
            **source_tags(plan, plan["recipe"]),
            **commit,
            "depthgauge.recipe_digest": search.found_digest,
            DESCRIPTION: describe(
                "study", study=search.study, best=search.best, recipe=plan["recipe"]
            ),
        },
        params=_study_params(search),
        metrics=_study_metrics(search),
        written=search.paths[0],
        artifacts=search.paths,
        # Test data are kept from a search.
        dataset=(experiment, plan["data_digest"], "train, validation"),
    )
    for trial in search.trials:
        yield _trial_run(search, trial)


def _trial_run(search: Search, trial: Trial) -> RunContent:
    """The child run of one trial, whose status shows its true state.

    `intermediate_value` is the objective so far over epochs; only a complete trial has a `value`.
    """
    metrics: Metrics = [("epochs", trial.epochs, 0)]
    metrics += [("intermediate_value", v, epoch) for epoch, v in trial.curve if math.isfinite(v)]
    if trial.value is not None:
        metrics.append(("value", trial.value, 0))
    # With its state, since MLflow's table has one sign for KILLED and FAILED.
    state = "" if trial.state == "complete" else f" ({trial.state})"
    own = {KIND: "trial", STUDY: search.study.name, TRIAL: trial.number, STATE: trial.state}
    return RunContent(
        name=f"trial {trial.number}{state}",
        tags={**place_tags(search.study.plan, search.recipe_name), **own},
        # With where on the axis it is, so that trials of several points can be drawn together.
        params={**trial.values, search.study.plan["axis"]: search.point},
        metrics=metrics,
        written=search.paths[0],
        status=STATUS[trial.state],
    )


def _study_params(search: Search) -> dict[str, Any]:
    """The search space, the budget, how trials were made, and the values of the best one."""
    study, plan = search.study, search.study.plan
    settings = ("objective", "sampler", "startup_trials", "pruner", "seed")
    return {
        **plan["base"],
        **{key: plan[key] for key in settings if key in plan},
        **{f"budget/{k}": getattr(study.budget, k) for k in ("trials", "replicates", "epochs")},
        **{f"space/{k}": _describe_choices(v) for k, v in plan["space"].items()},
        **{f"best/{k}": v for k, v in search.best.values.items()},
        "recipe": search.recipe_name,
        "study": search.number,
        plan["axis"]: plan["point"],
    }


def _describe_choices(choices: list[Any] | dict[str, Any]) -> str:
    if isinstance(choices, list):
        return ", ".join(map(str, choices))
    scale = "a logarithmic" if choices["low"] else "a linear"
    return f"{choices['low']} to {choices['high']}, on {scale} scale"


def _study_metrics(search: Search) -> Metrics:
    """The best value so far over trials, as a curve; counts of trials; importances."""
    study = search.study
    numbers = {
        "best_value": study.best_value,
        "best_trial": study.best_trial,
        "trials": len(search.trials),
        "epochs_trained": study.budget.epochs_trained,
        **{f"trials/{state}": count for state, count in study.states.items()},
        **{f"importance/{name}": share for name, share in search.importances.items()},
    }
    metrics: Metrics = [(k, float(v), 0) for k, v in numbers.items() if v is not None]
    for trial in search.trials:
        if trial.best_so_far is not None:
            metrics.append(("best_so_far", trial.best_so_far, trial.number))
    return metrics
