"""The losses of a fitted estimator: of each example, or of a whole split by a scorer."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from depthgauge.statistics.stopping import FloatArray

# Scorers that are the mean over examples of something, as the names of what that is.
BY_EXAMPLE = {
    "neg_log_loss": "cross-entropy",
    "accuracy": "error rate",
    "neg_mean_squared_error": "squared error",
    "neg_mean_absolute_error": "absolute error",
}


@dataclass(frozen=True)
class Measure:
    """What is judged. words: as a person says it. scorer: None where each example has its loss."""

    words: str
    scorer: Any = None

    def examples(self, estimator: Any, X: Any, y: np.ndarray) -> FloatArray:
        """(n,) losses of the examples."""
        if self.words == "cross-entropy":
            return log_losses(estimator.predict_proba(X), estimator.classes_, y)
        predicted = np.asarray(estimator.predict(X))
        if self.words == "error rate":
            return np.asarray(predicted != y, np.float64)
        off = np.abs(predicted.reshape(y.shape).astype(np.float64) - y)
        each = off**2 if self.words == "squared error" else off
        return np.asarray(each.reshape(len(y), -1).mean(axis=1))

    def mean(self, estimator: Any, X: Any, y: np.ndarray) -> float:
        """The loss of a whole split by the scorer: how much its score is from the best, 0 or 1."""
        score = float(self.scorer(estimator, X, y))
        return -score if self.scorer._sign < 0 else 1 - score

    def of_constant(self, y: np.ndarray) -> float | None:
        """The train loss of the best constant; None where this is not known."""
        if self.words == "squared error":
            return float(y.astype(np.float64).var(axis=0).mean())
        if self.words == "absolute error":
            return float(np.abs(y - np.median(y, axis=0)).mean())
        return None


def log_losses(shares: np.ndarray, classes: np.ndarray, y: np.ndarray) -> FloatArray:
    """(n,) of predicted probabilities (n, K), clipped from below as scikit-learn's log_loss does.

    A class that the estimator has not seen has probability 0. Certainty costs nothing: there the
    other clips too, to a loss of 2e-16.
    """
    least = np.finfo(shares.dtype).eps
    place = np.minimum(np.searchsorted(classes, y), len(classes) - 1)
    own = np.where(classes[place] == y, shares[np.arange(len(y)), place], 0.0)
    return np.asarray(-np.log(np.clip(own, least, 1.0)), np.float64)


def find_measure(scoring: Any, estimators: list[Any]) -> Measure:
    """What judges these estimators, which are of one kind.

    scoring: None, the name of a scorer or what `make_scorer` gives. None: log loss of classifiers
    that all have predict_proba, else their error rate; squared error of regressors. Raises
    ValueError for what is no scorer.
    """
    from sklearn.base import is_classifier, is_regressor
    from sklearn.metrics import get_scorer, get_scorer_names

    if isinstance(scoring, str):
        if scoring in BY_EXAMPLE:
            return Measure(BY_EXAMPLE[scoring])
        if scoring not in get_scorer_names():
            raise ValueError(
                f"scoring: {scoring!r} is no scorer; sklearn.metrics.get_scorer_names() lists them"
            )
        scorer = get_scorer(scoring)
        words = scoring.removeprefix("neg_").replace("_", " ")
        return Measure(words if scorer._sign < 0 else f"1 − {words}", scorer)
    if scoring is not None:
        if not hasattr(scoring, "_sign"):
            raise ValueError(
                "scoring: of a function alone it is not known what its best value is; wrap it in "
                "sklearn.metrics.make_scorer"
            )
        return Measure("loss" if scoring._sign < 0 else "1 − score", scoring)
    if all(is_classifier(each) for each in estimators):
        proba = all(hasattr(each, "predict_proba") for each in estimators)
        return Measure("cross-entropy" if proba else "error rate")
    if all(is_regressor(each) for each in estimators):
        return Measure("squared error")
    raise ValueError(
        f"scoring: {type(estimators[0]).__name__} is neither a classifier nor a regressor; name a "
        "scorer"
    )
