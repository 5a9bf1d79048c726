"""The search of the recipe `tuned`: trials on the validation split, and what they found."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from optuna.trial import FrozenTrial

from depthgauge.artifacts.inputs import point_data
from depthgauge.artifacts.search import STATES, Budget, Study, write_search
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import without_test
from depthgauge.files.work import work_folder
from depthgauge.progress import Progress, named_values, say
from depthgauge.search.outcome import Outcome, best_value, outcome
from depthgauge.search.plan import Plan, make_plan, require_search_memory
from depthgauge.search.run import run_trials
from depthgauge.search.storage import kept_storage, open_storage, storage_url
from depthgauge.search.study import finished_trials, open_study, sole_search, study_name
from depthgauge.settings.schema import Settings
from depthgauge.training.machine import cores, training_device


def tune(
    folder: Path, settings: Settings, point: Point, trials: int, asked: str | None, out: Path | None
) -> None:
    """Go on with the study of a point until it has so many finished trials.

    asked: a database URL or a journal file, None for the work folder's. out: where to write what
    it found, None for nowhere.
    """
    dataset, meta = point_data(folder, settings, point)
    require_search_memory(dataset, settings, point)
    plan = make_plan(settings, point, meta)
    url = storage_url(folder, asked)
    name = study_name(settings.experiment, plan)
    what = f"search {settings.axis} {point}"
    with sole_search(work_folder(folder), url, name), _interrupted_once(), kept_storage(url):
        study = open_study(open_storage(url), settings.experiment, plan)
        already = len(finished_trials(study))
        with Progress(what, max(trials, already), "trials") as progress:
            progress.skip(min(already, trials))

            def on_trial(finished: Sequence[FrozenTrial]) -> None:
                best = best_value(finished)
                progress.advance(1, "" if best is None else f"best {best:.4g}")

            data = without_test(dataset, plan.replicates)
            device = training_device(settings.training.device)
            finished = run_trials(study, plan, data, trials, device, cores(), on_trial)
            seconds = progress.seconds
    found = outcome(plan, finished)
    if out is not None:
        _write(out, name, plan, found)
    chosen = named_values(found.trials[found.best], plan.space)
    say(
        f"{what}: {trials} trials ({min(already, trials)} were there already) in {seconds:.1f} s; "
        f"least mean {plan.objective} {found.value:.4g} with {chosen}; study {name!r}"
    )


def _write(folder: Path, name: str, plan: Plan, found: Outcome) -> None:
    states = [row["state"] for row in found.trials]
    study = Study(
        name=name,
        plan=plan.record(),
        best_trial=found.best,
        best_value=found.value,
        budget=Budget(
            trials=len(states),
            replicates=plan.replicates,
            epochs=plan.base.epochs,
            epochs_trained=sum(row["epochs"] for row in found.trials),
        ),
        states={state: states.count(state) for state in STATES},
    )
    write_search(folder, found.recipe, study, found.trials, found.curves, found.importances)


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
