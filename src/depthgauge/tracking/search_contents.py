"""What the runs of a search hold: one for its study, and below it one for each trial."""

import math
from collections.abc import Mapping
from typing import Any

from depthgauge.files.digests import json_digest
from depthgauge.progress import named_values
from depthgauge.tracking.commit import Commit
from depthgauge.tracking.contents import KIND, NOTE, STUDY, TRIAL, Content, commit_tags
from depthgauge.tracking.curves import Metrics
from depthgauge.tracking.searches import RECIPE, Search, Trial

STATE = "depthgauge.trial_state"
STATUS = {"complete": "FINISHED", "pruned": "KILLED", "diverged": "FAILED"}
"""A trial's state as MLflow's status of its run."""


def study_content(
    search: Search, experiment: str, commit: Commit | None, lock: Mapping[str, str]
) -> Content:
    """The parent run of one search; lock: tags of `lock.lock_tags`.

    Its recipe digest is that of the run of the point that was trained with what was found.
    """
    plan = search.study["plan"]
    tags = _own_tags(search) | commit_tags(commit) | dict(lock)
    tags |= {
        KIND: "study",
        NOTE: _note(search),
        "depthgauge.data_digest": str(plan["data_digest"]),
        "depthgauge.code_digest": str(plan["code_digest"]),
        "depthgauge.recipe_digest": json_digest(search.recipe),
        "mlflow.source.name": "depthgauge",
    }
    return Content(
        name=f"search {plan['axis']} {plan['point']}",
        tags=tags,
        params=_study_params(search),
        metrics=_study_metrics(search),
        written_ms=search.written_ms,
        artifacts=search.files.all,
        # Test data are kept from a search.
        dataset=(experiment, str(plan["data_digest"]), "train, validation"),
    )


def trial_content(search: Search, trial: Trial) -> Content:
    """The child run of one trial, whose status shows its true state.

    `intermediate_value` is the objective so far over epochs; only a complete trial has a `value`.
    """
    tags = _own_tags(search) | {KIND: "trial", TRIAL: str(trial.number), STATE: trial.state}
    tags[NOTE] = _trial_note(search, trial)
    metrics: Metrics = [
        ("intermediate_value", value, epoch) for epoch, value in trial.curve if math.isfinite(value)
    ]
    metrics.append(("epochs", float(trial.epochs), 0))
    if trial.value is not None:
        metrics.append(("value", trial.value, 0))
    return Content(
        name=_trial_name(trial),
        tags=tags,
        params=trial.values,
        metrics=metrics,
        written_ms=search.written_ms,
        status=STATUS.get(trial.state, "FAILED"),
    )


def _trial_note(search: Search, trial: Trial) -> str:
    """How the trial ended, and where it is found in Optuna."""
    told = "Complete."
    if trial.number == search.study["best_trial"]:
        told = "The best trial: its values are the recipe that was found."
    elif trial.state != "complete":
        when = f"after epoch {trial.epochs}" if trial.epochs else "before its first report"
        told = f"{trial.state.capitalize()} {when}."
    return (
        f"{told}\n\nIn the Optuna dashboard (`make studies`): study `{search.study['name']}`, the "
        f"trial whose user attribute `finished trial` is {trial.number}; that is trial "
        f"{trial.number} unless a search was interrupted before it."
    )


def _trial_name(trial: Trial) -> str:
    """With its state, since MLflow's table has one sign for KILLED and FAILED."""
    end = "" if trial.state == "complete" else f" ({trial.state})"
    return f"trial {trial.number}{end}"


def _own_tags(search: Search) -> dict[str, str]:
    """Tags by which a person finds the study and its trials, here and in Optuna."""
    plan = search.study["plan"]
    return {
        STUDY: str(search.study["name"]),
        "depthgauge.recipe": RECIPE,
        "depthgauge.axis": str(plan["axis"]),
        "depthgauge.point": str(plan["point"]),
    }


def _study_params(search: Search) -> dict[str, str]:
    """The search space, the budget, how trials were made, and the values of the best one."""
    study, plan = search.study, search.study["plan"]
    own = {"recipe": RECIPE, plan["axis"]: plan["point"]}
    made = {key: plan[key] for key in ("objective", "sampler", "startup_trials", "pruner", "seed")}
    budget = {f"budget/{key}": study["budget"][key] for key in ("trials", "replicates", "epochs")}
    space = {
        f"space/{name}": _range(name, bounds)
        for name, bounds in plan["space"].items()
        if bounds is not None
    }
    best = {f"best/{name}": search.recipe[name] for name in _searched(search)}
    content = {**plan["base"], **made, **budget, **space, **best, **own}
    return {key: str(value) for key, value in content.items()}


def _range(name: str, bounds: list[Any]) -> str:
    if name == "batch_size":
        return ", ".join(map(str, bounds))
    low, high = bounds
    return f"{low} to {high}, on a logarithmic scale"


def _searched(search: Search) -> list[str]:
    return [name for name, bounds in search.study["plan"]["space"].items() if bounds is not None]


def _study_metrics(search: Search) -> Metrics:
    """The best value so far over trials, as a curve; counts of trials; importances."""
    study = search.study
    states: Mapping[str, int] = study["states"]
    metrics: Metrics = [
        ("best_so_far", trial.best_so_far, trial.number)
        for trial in search.trials
        if trial.best_so_far is not None
    ]
    metrics += [
        ("best_value", float(study["best_value"]), 0),
        ("best_trial", float(study["best_trial"]), 0),
        ("trials", float(len(search.trials)), 0),
        ("epochs_trained", float(study["budget"]["epochs_trained"]), 0),
    ]
    metrics += [(f"trials/{state}", float(count), 0) for state, count in states.items()]
    metrics += [
        (f"importance/{name}", share, 0)
        for name, share in search.importances.items()
        if share is not None
    ]
    return metrics


def _note(search: Search) -> str:
    """For a person who opens the run, as Markdown."""
    study, plan = search.study, search.study["plan"]
    budget, states = study["budget"], study["states"]
    best = named_values(search.recipe, _searched(search))
    counts = ", ".join(f"{count} {state}" for state, count in states.items())
    return (
        f"Optuna's search for the recipe `{RECIPE}` at {plan['axis']} {plan['point']}, on train "
        f"and validation data alone: {budget['trials']} trials ({counts}), each of "
        f"{budget['replicates']} replicates and at most {budget['epochs']} epochs.\n\n"
        f"Best: trial {study['best_trial']}, mean {plan['objective']} "
        f"{study['best_value']:.4g}, with {best}.\n\n"
        "Each trial is a run below this one: FINISHED is complete, KILLED pruned, FAILED "
        "diverged. Trials are numbered by their place among the finished trials, which is Optuna's "
        "number unless a search was interrupted; there it is the attribute `finished trial`.\n\n"
        f"`make studies` opens the Optuna dashboard; the study there is `{study['name']}`."
    )
