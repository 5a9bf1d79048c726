"""Fit an estimator with every value on every split, over joblib, and measure it."""

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from depthgauge.notebook.measures import Measure
from depthgauge.notebook.splitting import Split
from depthgauge.progress import Whole
from depthgauge.seeds import Purpose, generator
from depthgauge.statistics.stopping import FloatArray

ERROR_RATE = Measure("error rate")
SPLITS = ("train", "validation", "test")

_NUMBER = re.compile(r"[0-9][0-9.]*(e[+-]?[0-9]+)?")


class FitError(ValueError):
    """An estimator could not be fitted or used. The message is one line."""


@dataclass(frozen=True)
class Job:
    """What every fit has in common. errors: whether error rates are measured beside the loss."""

    estimator: Any
    name: str
    X: Any
    y: np.ndarray
    measure: Measure
    errors: bool
    seed: int


@dataclass(frozen=True)
class Fit:
    """What one fit has. means: by "train_loss", ...; examples: of the test set, by "loss", "error".

    warnings: what scikit-learn had to say, (category, text).
    """

    means: dict[str, float]
    examples: dict[str, FloatArray]
    warnings: tuple[tuple[type[Warning], str], ...]


def fit_all(
    job: Job, values: Sequence[Any], splits: Sequence[Split], n_jobs: int | None, shown: bool
) -> list[list[Fit]]:
    """Of each value, the fits of all splits. Warnings are given once, with how many fits had them.

    shown: whether a person is told how far it is. Raises FitError for the first fit that fails.
    """
    from joblib import Parallel, delayed

    tasks = [(v, r) for v in range(len(values)) for r in range(len(splits))]
    found: list[Fit] = []
    parallel = Parallel(n_jobs=n_jobs, return_as="generator")
    with Whole(f"sweep {job.name}", len(tasks), "fits", shown) as whole:
        for fit in parallel(delayed(fit_one)(job, values[v], splits[r], r) for v, r in tasks):
            found.append(fit)
            whole.advance(1, "fits")
    # Those that differ in a number alone are one: the first is shown.
    texts = dict[tuple[type[Warning], str], str]()
    counts = Counter[tuple[type[Warning], str]]()
    for fit in found:
        alike = {(category, _NUMBER.sub("#", text)): text for category, text in fit.warnings}
        texts = alike | texts
        counts.update(alike.keys())
    for (category, plain), count in counts.items():
        text = texts[category, plain]
        warnings.warn(f"{text} (in {count} of {len(found)} fits)", category, stacklevel=2)
    return [found[v * len(splits) : (v + 1) * len(splits)] for v in range(len(values))]


def fit_one(job: Job, value: Any, split: Split, replicate: int) -> Fit:
    """One fit and its measures. The seeds of a replicate are the same with every value."""
    from sklearn.base import clone
    from sklearn.utils.metaestimators import _safe_split

    estimator = clone(job.estimator)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            estimator.set_params(**{job.name: clone(value, safe=False)})
            _seed(estimator, job, replicate)
            own = _safe_split(estimator, job.X, job.y, split.train)
            estimator.fit(*own)
            means: dict[str, float] = {}
            examples: dict[str, FloatArray] = {}
            for name in SPLITS:
                rows = getattr(split, name)
                if rows is None:
                    continue
                X, y = own
                if name != "train":
                    X, y = _safe_split(estimator, job.X, job.y, rows, split.train)
                each = _measured(job, estimator, X, y)
                means |= {f"{name}_{quantity}": v for quantity, (v, _) in each.items()}
                if name == "test":
                    examples = {q: e for q, (_, e) in each.items() if e is not None}
        except Exception as error:
            said = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise FitError(
                f"{job.name}={value!r}, replicate {replicate}: {type(estimator).__name__} failed: "
                f"{said}"
            ) from error
    told = tuple((each.category, str(each.message)) for each in caught)
    return Fit(means, examples, told)


def _measured(
    job: Job, estimator: Any, X: Any, y: np.ndarray
) -> dict[str, tuple[float, FloatArray | None]]:
    """The mean of each quantity, and its parts where it has such."""
    found: dict[str, tuple[float, FloatArray | None]] = {}
    if job.measure.scorer is not None:
        found["loss"] = job.measure.mean(estimator, X, y), None
    else:
        losses = job.measure.examples(estimator, X, y)
        found["loss"] = float(losses.mean()), losses
    if job.measure == ERROR_RATE:
        found["error"] = found["loss"]
    elif job.errors:
        errors = ERROR_RATE.examples(estimator, X, y)
        found["error"] = float(errors.mean()), errors
    return found


def _seed(estimator: Any, job: Job, replicate: int) -> None:
    """Give every random_state that is None, but for the swept one, the seed of the replicate."""
    rng = generator(job.seed, Purpose.INITIALISATION, replicate)
    for key, value in sorted(estimator.get_params(deep=True).items()):
        seeded = key == "random_state" or key.endswith("__random_state")
        if seeded and value is None and key != job.name:
            estimator.set_params(**{key: int(rng.integers(2**31 - 1))})


def kept_seed(estimator: Any, name: str) -> str | None:
    """The first random_state that somebody has set, which every fit then has; None for none."""
    for key, value in sorted(estimator.get_params(deep=True).items()):
        seeded = key == "random_state" or key.endswith("__random_state")
        if seeded and value is not None and key != name:
            return f"{key}={value}"
    return None
