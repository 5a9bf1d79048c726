"""Studies made again from their files, so that the dashboard shows them where no search has run."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import optuna
from filelock import FileLock
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState

from depthgauge.artifacts.search import Search, Trial, is_searched, read_study
from depthgauge.files.csv_files import as_cell
from depthgauge.search.attributes import DIVERGED, PLACE, WHY_FAILED
from depthgauge.search.outcome import STATES
from depthgauge.search.plan import distributions
from depthgauge.search.study import describe_study
from depthgauge.settings.schema import Settings
from depthgauge.settings.search import SpaceSection

# Values in the files have nine digits: a search that went on from them would not go on exactly, so
# that it never finds such a study, which has another name than its own.
FROM_FILES = " (files)"
DIGEST = "digest of files"
EXPERIMENT = "experiment"


def restore_studies(
    folder: Path, settings: Settings, storage: BaseStorage, work: Path, say: Callable[[str], None]
) -> int:
    """Make again what the storage lacks of the experiment's studies; how many it has then.

    folder: the experiment's. work: where the lock of the one that does so lies. A study that a
    search left in the storage is left alone; one that was made from other files, or that a search
    has made meanwhile, goes. Raises InputError for files that are damaged.
    """
    studies = settings.search.studies
    found = [
        read_study(folder, recipe, point, study)
        for recipe, point, study in settings.searches
        if is_searched(folder, recipe, point, studies)
    ]
    work.mkdir(parents=True, exist_ok=True)
    with FileLock(work / "studies.lock"):
        known = {study.study_name: study for study in optuna.get_all_study_summaries(storage)}
        wanted = {s.study.name + FROM_FILES: s for s in found if s.study.name not in known}
        made = 0
        for name, old in known.items():
            own = old.user_attrs.get(EXPERIMENT) == settings.experiment
            if not name.endswith(FROM_FILES) or not own:
                continue
            if name in wanted and old.user_attrs.get(DIGEST) == wanted[name].digest:
                del wanted[name]
            else:
                optuna.delete_study(study_name=name, storage=storage)
        for name, search in wanted.items():
            _restore(storage, name, settings.experiment, search)
            made += 1
    if made:
        say(f"studies: {made} made again from results/recipes")
    return len(found)


def _restore(storage: BaseStorage, name: str, experiment: str, search: Search) -> None:
    study = optuna.create_study(storage=storage, study_name=name)
    plan = search.study.plan
    describe_study(study, plan)
    study.set_user_attr(EXPERIMENT, experiment)
    space = distributions(SpaceSection.model_validate(plan["space"]).all if plan["space"] else {})
    # How long a trial took stands in no file.
    at = datetime.fromtimestamp(search.paths[0].stat().st_mtime)
    study.add_trials([_trial(each, plan, space, at) for each in search.trials])
    # Last: a study without it was left half-way.
    study.set_user_attr(DIGEST, search.digest)


def _trial(
    trial: Trial, plan: dict[str, Any], space: dict[str, BaseDistribution], at: datetime
) -> FrozenTrial:
    (state,) = (known for known, name in STATES.items() if name == trial.state)
    attributes = {plan["axis"]: plan["point"], PLACE: trial.number}
    if state is TrialState.FAIL:
        attributes[WHY_FAILED] = DIVERGED
    return FrozenTrial(
        number=trial.number,
        trial_id=-1,
        state=state,
        # Optuna's value of a pruned trial is the last that it reported.
        value=trial.curve[-1][1] if state is TrialState.PRUNED else trial.value,
        datetime_start=at,
        datetime_complete=at,
        params={name: _value(trial.values[name], kind) for name, kind in space.items()},
        distributions=space,
        user_attrs=attributes,
        system_attrs={},
        intermediate_values=dict(trial.curve),
    )


def _value(written: Any, kind: BaseDistribution) -> Any:
    """A searched value as the study had it; written: as the file has it."""
    if isinstance(kind, CategoricalDistribution):
        return next(c for c in kind.choices if str(as_cell(c)) == str(as_cell(written)))
    # Nine digits may lie beyond an end of the range.
    return min(max(written, kind.low), kind.high)  # type: ignore[attr-defined]
