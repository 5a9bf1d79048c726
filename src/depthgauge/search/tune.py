"""The search of the recipe `tuned`: studies on the validation split, and what they found."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import optuna
import torch
from filelock import FileLock
from optuna.trial import FrozenTrial, TrialState

from depthgauge.artifacts.inputs import point_data
from depthgauge.artifacts.recipes import FILE, write_recipes
from depthgauge.artifacts.search import STATES, Budget, Study, write_study
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset, without_test
from depthgauge.errors import InputError
from depthgauge.files.work import work_folder
from depthgauge.processes import Tell, cores, run_tasks
from depthgauge.progress import Progress, named_values, say
from depthgauge.search.enqueue import Values, enqueue, read_values, what_became
from depthgauge.search.outcome import Outcome, best_value, outcome
from depthgauge.search.plan import Plan, make_plan, require_search_memory
from depthgauge.search.run import Goal, run_trials
from depthgauge.search.signals import held, interrupted_once
from depthgauge.search.storage import (
    kept_storage,
    make_storage,
    open_storage,
    readable,
    storage_url,
    turn,
)
from depthgauge.search.study import finished_trials, open_study, sole_search, study_name
from depthgauge.settings.schema import Settings
from depthgauge.training.machine import training_device

KILLED = "search: a process of it was killed; finished trials are kept: run the same command again"


@dataclass(frozen=True)
class _Search:
    """What a process needs for one study; threads: those of its trials.

    alone: so many first trials are run by one search at a time; None where every one is. own: the
    values of a person's own trials. first: so many trials of the plan come before those.
    """

    plan: Plan
    dataset: Dataset
    goal: Goal
    alone: int | None
    own: tuple[Values, ...]
    first: int
    experiment: str
    work: Path
    url: str
    device: torch.device
    threads: int


def tune(
    folder: Path,
    settings: Settings,
    recipe: str,
    point: Point,
    goal: Goal,
    asked: str | None,
    out: Path | None,
    own: Sequence[Sequence[str]] = (),
) -> None:
    """Go on with each study of a recipe at a point until the goal is met.

    goal: of each study, but for the seconds, which all share. asked: a database URL or a journal
    file, None for the work folder's. out: where to write what they found, None for nowhere.
    Searches without a total may run side by side; in the work folder's storage once the trials
    that the pipeline asks for, which are the same each time, are there. own: trials of a person's
    own, NAME=VALUE of each, that come after those; in another storage after the recipe itself.
    """
    dataset, meta = point_data(folder, settings, recipe, point)
    require_search_memory(dataset, settings, recipe, point)
    studies, device = settings.search.studies, training_device(settings.training.device)
    plans = [make_plan(settings, recipe, point, study, meta) for study in range(studies)]
    trials = tuple(read_values(texts, plans[0].distributions()) for texts in own)
    url, what = (
        storage_url(folder, asked),
        f"search {settings.axis} {point}" + ("" if recipe == "tuned" else f", {recipe}"),
    )
    with interrupted_once():
        make_storage(url)
    processes = min(cores(), studies) if device.type == "cpu" else 1
    of_experiment = (settings.experiment, work_folder(folder), url, device, cores() // processes)
    if goal.seconds is not None:
        goal = replace(goal, seconds=goal.seconds * processes / studies)
    first = settings.search.trials if asked is None else 0
    alone = None if goal.total is not None else first
    searches = [
        _Search(plan, dataset, goal, alone, trials, max(first, 1), *of_experiment) for plan in plans
    ]
    each = None if own else goal.more if goal.total is None else goal.total
    best: dict[int, float] = {}
    already: list[int] = []
    with interrupted_once(), Progress(what, each and each * studies, "trials") as progress:

        def told(news: tuple[int, int, int, float | None]) -> None:
            study, there, ran, value = news
            if goal.total is not None:
                progress.skip(there)
            already.append(there)
            if value is not None:
                best[study] = value
            progress.advance(ran, f"best {min(best.values()):.4g}" if best else "")

        outcomes = run_tasks(_search, searches, processes, told, KILLED)
        seconds = progress.seconds
    if out is not None:
        for plan, found in zip(plans, outcomes, strict=True):
            _write(out, study_name(settings.experiment, plan), plan, found)
        write_recipes(out / FILE, [found.recipe for found in outcomes])
    for plan, found in zip(plans, outcomes, strict=True):
        chosen = named_values(found.trials[found.best], plan.space)
        name = study_name(settings.experiment, plan)
        say(f"{name}: least mean {plan.objective} {found.value:.4g} with {chosen}")
    have = sum(len(found.trials) for found in outcomes)
    ran = f"{studies} x {goal.total}" if goal.total is not None else str(have)
    there = f"({sum(already)} were there already)"
    say(f"{what}: {ran} trials {there} in {seconds:.1f} s")


def _search(search: _Search, tell: Tell) -> Outcome:
    """Run what is missing of one study. Tells (study, trials there, trials run, best value)."""
    plan, url, goal = search.plan, search.url, search.goal
    name, join = study_name(search.experiment, plan), search.alone is not None
    with sole_search(search.work, url, name, join) as alone, interrupted_once(), kept_storage(url):
        with readable(url):
            study = open_study(open_storage(url), search.experiment, plan, join)
            alone = alone and not study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
            there = finished_trials(study)
        if not alone:
            _join(name, len(there), search.alone or 0)
        counted = len(there) if goal.total is None else min(len(there), goal.total)
        tell((plan.study, counted, 0, best_value(there)))
        data = without_test(search.dataset, plan.replicates)

        def run(goal: Goal) -> list[FrozenTrial]:
            return run_trials(
                *(study, plan, data, goal, search.device, search.threads),
                lambda trials: tell((plan.study, 0, 1, best_value(trials))),
                alone,
                turn(url, search.work),
            )

        if search.own:
            goal = _enqueue(search, study, run if alone else None)
        finished = run(goal)
        for values in search.own:
            say(f"{name}: {what_became(study, values)}")
    return outcome(plan, finished)


def _enqueue(
    search: _Search, study: optuna.Study, run: Callable[[Goal], Sequence[FrozenTrial]] | None
) -> Goal:
    """Let a person's own trials wait, after those that come first; what is left of the goal.

    run: brings the study to a goal; None beside another search, which has begun the first ones.
    Raises InputError where no time is left for them.
    """
    goal, first, began = search.goal, search.first, time.monotonic()
    if run is not None and len(finished_trials(study)) < first:
        if search.plan.study == 0:
            which = (
                "comes the recipe itself" if first == 1 else f"come the pipeline's {first} trials"
            )
            say(f"search: first {which} in each study, then what is enqueued")
        if len(run(Goal(total=first, seconds=goal.seconds))) < first:
            raise InputError(
                f"--timeout: was up before the {first} trials that come first; nothing was "
                "enqueued: run the same command again, or name another --storage"
            )
    # The same command, given several times at once, enqueues once.
    with FileLock(search.work / "enqueue.lock"), held():
        if not study.get_trials(deepcopy=False):
            # The other search has not begun its first one yet.
            study.enqueue_trial(search.plan.first_values())
        enqueue(study, search.own)
    if goal.seconds is None:
        return goal
    return replace(goal, seconds=max(0.0, goal.seconds - (time.monotonic() - began)))


def _join(name: str, there: int, first: int) -> None:
    """Say what it means to run beside another search. Raises InputError where that cannot be."""
    if there < first:
        raise InputError(
            f"search: another search of {name!r} is going on, whose first {first} trials, those of "
            "the pipeline, come one after the other; wait for them, or name another --storage"
        )
    say(f"search: another search of {name!r} is going on: which trials come depends on both")


def _write(folder: Path, name: str, plan: Plan, found: Outcome) -> None:
    states = [row["state"] for row in found.trials]
    study = Study(
        name=name,
        plan=plan.record(),
        best_trial=found.best,
        best_value=found.value,
        budget=Budget(
            trials=len(states),
            replicates=len(plan.replicates),
            epochs=plan.base.epochs,
            epochs_trained=sum(row["epochs"] for row in found.trials),
        ),
        states={state: states.count(state) for state in STATES},
    )
    write_study(folder, study, found.trials, found.curves, found.importances)
