"""Trials of a person's own: values that a study tries before it draws others."""

import difflib
import math
import reprlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState

from depthgauge.errors import InputError
from depthgauge.progress import named_values, say
from depthgauge.search.attributes import DIVERGED, ENQUEUED, NOT_IN_SPACE, WHY_FAILED

# Where Optuna keeps what was enqueued.
FIXED = "fixed_params"
Values = Mapping[str, Any]
Distributions = Mapping[str, BaseDistribution]


def read_values(texts: Sequence[str], space: Distributions) -> dict[str, Any]:
    """The values of a trial, of NAME=VALUE each; what is not among them will be drawn.

    Raises InputError for what is no setting of the search space, or lies outside of it.
    """
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"--enqueue {reprlib.repr(text)}: must be NAME=VALUE")
        if name not in space:
            nearest = difflib.get_close_matches(name[:100], list(space), n=1, cutoff=0.5)
            known = f"did you mean {nearest[0]}?" if nearest else ""
            known = known or f"known here: {', '.join(space)}"
            raise InputError(f"--enqueue {reprlib.repr(name)}: is not searched for; {known}")
        if name in values:
            raise InputError(f"--enqueue {name}: stands twice in one trial")
        values[name] = _value(name, value, space[name])
    return values


def _value(name: str, text: str, kind: BaseDistribution) -> Any:
    found: Any = None
    with suppress(ValueError):
        if isinstance(kind, CategoricalDistribution):
            found = _choice(text, kind)
        else:
            number = float(text)
            whole = isinstance(kind, IntDistribution)
            found = int(number) if whole and number.is_integer() else number
            if not math.isfinite(number) or (whole and not number.is_integer()):
                found = None
    if found is None or not fits(found, kind):
        raise InputError(f"--enqueue {name}={reprlib.repr(text)[1:-1]}: must be {_range(kind)}")
    return found


def _choice(text: str, kind: CategoricalDistribution) -> Any:
    """The choice that is written so, or the number that is equal."""
    for choice in kind.choices:
        if str(choice) == text or (isinstance(choice, bool) and str(choice).lower() == text):
            return choice
    numbers = [c for c in kind.choices if isinstance(c, int | float) and not isinstance(c, bool)]
    return next((number for number in numbers if number == float(text)), None)


def fits(value: Any, kind: BaseDistribution) -> bool:
    """Whether a value is one that the search may draw."""
    try:
        return bool(kind._contains(kind.to_internal_repr(value)))
    except (TypeError, ValueError):
        return False


def _range(kind: BaseDistribution) -> str:
    if isinstance(kind, FloatDistribution | IntDistribution):
        what = "a whole number" if isinstance(kind, IntDistribution) else "a number"
        return f"{what} from {kind.low} to {kind.high}"
    assert isinstance(kind, CategoricalDistribution)
    return f"one of {', '.join(str(choice) for choice in kind.choices)}"


def waiting(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that were enqueued and that nobody has begun."""
    return study.get_trials(deepcopy=False, states=(TrialState.WAITING,))


def enqueue(study: optuna.Study, several: Sequence[Values]) -> None:
    """Let the values of each trial wait for whoever next asks for one.

    Not those that wait already, are being tried or have been: what was interrupted has not.
    """
    for values in several:
        if find(study, values) is None:
            study.enqueue_trial(dict(values), user_attrs={ENQUEUED: dict(values)})


def find(study: optuna.Study, values: Values) -> FrozenTrial | None:
    """The last trial that was enqueued with these values, or has them all; none that was lost."""
    for trial in reversed(study.get_trials(deepcopy=False)):
        lost = trial.state is TrialState.FAIL and trial.user_attrs.get(WHY_FAILED) != DIVERGED
        if not lost and values in (trial.user_attrs.get(ENQUEUED), trial.params):
            return trial
    return None


def what_became(study: optuna.Study, values: Values) -> str:
    """Of the values of a trial, in words, by Optuna's number of it."""
    trial = find(study, values)
    shown = named_values(values, values)
    if trial is None or trial.state is TrialState.WAITING:
        return f"{shown} still waits"
    tried = named_values(trial.params, trial.distributions)
    if trial.state is TrialState.RUNNING:
        return f"trial {trial.number} with {shown} is being run by another search"
    if trial.state is TrialState.FAIL:
        return f"trial {trial.number} with {tried} diverged"
    pruned = "pruned at " if trial.state is TrialState.PRUNED else ""
    return f"trial {trial.number} with {tried}: {pruned}{trial.value:.4g}"


def end_unfit(study: optuna.Study, space: Distributions) -> None:
    """Tell trials failed that somebody enqueued with values outside of the search space.

    Optuna would try them, and no later search of the study could make sense of it.
    """
    for trial in waiting(study):
        fixed = trial.system_attrs.get(FIXED, {})
        unfit = [n for n, kind in space.items() if n in fixed and not fits(fixed[n], kind)]
        if not unfit:
            continue
        with suppress(UpdateFinishedTrialError):
            study._storage.set_trial_user_attr(trial._trial_id, WHY_FAILED, NOT_IN_SPACE)
            study._storage.set_trial_state_values(trial._trial_id, state=TrialState.FAIL)
            name = unfit[0]
            say(
                f"search: trial {trial.number} of {study.study_name!r} was enqueued with {name} "
                f"{reprlib.repr(fixed[name])}, which must be {_range(space[name])}: not tried"
            )
