"""The search of the recipe `tuned`: studies on the validation split, and what they found."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import torch

from depthgauge.artifacts.inputs import point_data
from depthgauge.artifacts.recipes import FILE, write_recipes
from depthgauge.artifacts.search import STATES, Budget, Study, write_study
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset, without_test
from depthgauge.files.work import work_folder
from depthgauge.processes import Tell, cores, run_tasks
from depthgauge.progress import Progress, named_values, say
from depthgauge.search.outcome import Outcome, best_value, outcome
from depthgauge.search.plan import Plan, make_plan, require_search_memory
from depthgauge.search.run import run_trials
from depthgauge.search.storage import kept_storage, make_storage, open_storage, storage_url
from depthgauge.search.study import finished_trials, open_study, sole_search, study_name
from depthgauge.settings.schema import Settings
from depthgauge.training.machine import training_device

KILLED = "search: a process of it was killed; finished trials are kept: run the same command again"


@dataclass(frozen=True)
class _Search:
    """What a process needs for one study; threads: those of its trials."""

    plan: Plan
    dataset: Dataset
    trials: int
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
    trials: int,
    asked: str | None,
    out: Path | None,
) -> None:
    """Go on with each study of a recipe at a point until it has so many finished trials.

    asked: a database URL or a journal file, None for the work folder's. out: where to write what
    they found, None for nowhere.
    """
    dataset, meta = point_data(folder, settings, recipe, point)
    require_search_memory(dataset, settings, recipe, point)
    studies, device = settings.search.studies, training_device(settings.training.device)
    plans = [make_plan(settings, recipe, point, study, meta) for study in range(studies)]
    url, what = (
        storage_url(folder, asked),
        f"search {settings.axis} {point}" + ("" if recipe == "tuned" else f", {recipe}"),
    )
    make_storage(url)
    processes = min(cores(), studies) if device.type == "cpu" else 1
    of_experiment = (settings.experiment, work_folder(folder), url, device, cores() // processes)
    searches = [_Search(plan, dataset, trials, *of_experiment) for plan in plans]
    best: dict[int, float] = {}
    already: list[int] = []
    with _interrupted_once(), Progress(what, trials * studies, "trials") as progress:

        def told(news: tuple[int, int, int, float | None]) -> None:
            study, there, ran, value = news
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
    there = f"({sum(already)} were there already)"
    say(f"{what}: {studies} x {trials} trials {there} in {seconds:.1f} s")


def _search(search: _Search, tell: Tell) -> Outcome:
    """Run what is missing of one study. Tells (study, trials there, trials run, best value)."""
    plan, url = search.plan, search.url
    name = study_name(search.experiment, plan)
    with sole_search(search.work, url, name), _interrupted_once(), kept_storage(url):
        study = open_study(open_storage(url), search.experiment, plan)
        there = finished_trials(study)
        tell((plan.study, min(len(there), search.trials), 0, best_value(there)))
        data = without_test(search.dataset, plan.replicates)
        finished = run_trials(
            *(study, plan, data, search.trials, search.device, search.threads),
            lambda trials: tell((plan.study, 0, 1, best_value(trials))),
        )
    return outcome(plan, finished)


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


@contextmanager
def _interrupted_once() -> Iterator[None]:
    """SIGTERM ends a search as Ctrl-C does: the trial in hand is told failed.

    A second signal meanwhile, of an impatient hand or of a terminal that signals a whole group,
    must not tear that up.
    """
    handled = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) != signal.SIG_IGN]

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in handled:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
