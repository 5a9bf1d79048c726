"""search: trials on the validation split -> results/recipes/tuned-POINT.json, results/search."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from optuna.trial import FrozenTrial

from depthgauge.artifacts.dataset import Meta
from depthgauge.artifacts.recipes import recipe_path, write_recipe
from depthgauge.artifacts.search import FOLDER, write_search
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import without_test
from depthgauge.errors import InputError
from depthgauge.files.work import work_folder
from depthgauge.progress import Progress, named_values, say
from depthgauge.search.outcome import Outcome, best_value, outcome
from depthgauge.search.plan import Plan
from depthgauge.search.run import run_trials
from depthgauge.search.storage import kept_storage, open_storage, storage_url
from depthgauge.search.study import finished_trials, open_study, sole_search, study_name
from depthgauge.settings.schema import Settings
from depthgauge.stages.inputs import point_data
from depthgauge.stages.memory import require_search_memory
from depthgauge.stages.provenance import data_digest
from depthgauge.stages.sources import source_digest
from depthgauge.training.machine import cores, training_device

RESULTS = Path("results")
# More than any storage holds: a slip of the finger.
MOST_TRIALS = 10**6


@dataclass(frozen=True)
class ByHand:
    """What a person asks of a search that the pipeline does not.

    trials: how many in all, None for the settings'. out: where to write the files that the
    pipeline would write to results, None for nowhere. storage: a database URL or a journal file.
    """

    trials: int | None
    out: Path | None
    storage: str | None

    @property
    def is_pipeline(self) -> bool:
        """Whether nothing was asked, so that the pipeline's own files are written."""
        return self.trials is None and self.out is None and self.storage is None


def search(folder: Path, settings: Settings, point: Point, by_hand: ByHand) -> None:
    """Go on with the study of a point until it has as many finished trials as asked for."""
    trials = settings.search.trials if by_hand.trials is None else by_hand.trials
    if trials < 1:
        raise InputError(f"--trials {trials}: must be 1 or more")
    if trials > MOST_TRIALS:
        raise InputError(f"--trials {trials}: must be {MOST_TRIALS} or less")
    if by_hand.out is not None:
        _check_out(folder, by_hand.out)
    prepared, meta = point_data(folder, settings, point)
    require_search_memory(prepared, settings, point)
    plan = plan_of(settings, point, meta)
    url = storage_url(folder, by_hand.storage)
    name = study_name(settings.experiment, plan)
    what = f"search {settings.axis} {point}"
    lock = sole_search(work_folder(folder), url, name)
    with lock, _interrupted_once(), kept_storage(url):
        study = open_study(open_storage(url), settings.experiment, plan)
        already = len(finished_trials(study))
        with Progress(what, max(trials, already), "trials") as progress:
            progress.skip(min(already, trials))

            def on_trial(finished: Sequence[FrozenTrial]) -> None:
                best = best_value(finished)
                progress.advance(1, "" if best is None else f"best {best:.4g}")

            finished = run_trials(
                study,
                plan,
                without_test(prepared, plan.replicates),
                trials,
                training_device(settings.training.device),
                cores(),
                on_trial,
            )
            seconds = progress.seconds
    found = outcome(plan, finished)
    _write(folder, settings, point, plan, found, by_hand)
    chosen = named_values(found.trials[found.best], plan.space)
    say(
        f"{what}: {trials} trials ({min(already, trials)} were there already) in {seconds:.1f} s; "
        f"least mean {plan.objective} {found.value:.4g} with {chosen}; study {name!r}"
    )


def plan_of(settings: Settings, point: Point, meta: Meta) -> Plan:
    """The study that the settings mean for a point."""
    section = settings.search
    return Plan(
        axis=settings.axis,
        point=point,
        base=settings.recipe_at(point),
        space=section.space.of(settings.searched(point)),
        objective=section.objective,
        replicates=section.replicates,
        sampler=section.sampler,
        pruner=section.pruner,
        startup_trials=section.startup_trials,
        seed=settings.seed,
        data_digest=data_digest(meta),
        source_digest=source_digest("search"),
    )


def _check_out(folder: Path, out: Path) -> None:
    """Raises InputError if a search by hand cannot, or must not, write there."""
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out}: is a file; name a folder")
    if out.resolve().is_relative_to((folder / RESULTS).resolve()):
        raise InputError(
            f"--out {out}: lies in {folder / RESULTS}, which belongs to the pipeline; name "
            "another folder"
        )


def _write(
    folder: Path, settings: Settings, point: Point, plan: Plan, found: Outcome, by_hand: ByHand
) -> None:
    if by_hand.is_pipeline:
        recipe, files = folder / recipe_path("tuned", point), folder / FOLDER
    elif by_hand.out is not None:
        recipe, files = by_hand.out / recipe_path("tuned", point).name, by_hand.out
    else:
        return
    states = [row["state"] for row in found.trials]
    study = {
        "name": study_name(settings.experiment, plan),
        "plan": plan.record(),
        "best_trial": found.best,
        "best_value": found.value,
        "budget": {
            "trials": len(states),
            "replicates": plan.replicates,
            "epochs": plan.base.epochs,
            "epochs_trained": sum(row["epochs"] for row in found.trials),
        },
        "states": {state: states.count(state) for state in ("complete", "pruned", "diverged")},
    }
    write_search(files, point, found.trials, found.curves, found.importances, study)
    write_recipe(recipe, found.recipe)


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
