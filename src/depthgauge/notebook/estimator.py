"""`dg.sweep(estimator, X, y, max_depth=range(1, 20))`: any estimator, any of its parameters."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from inspect import signature
from typing import Any

import numpy as np

from depthgauge.notebook.fits import ERROR_RATE, Fit, Job, fit_all, kept_seed
from depthgauge.notebook.judge import RECIPE, check_memory, losses_of
from depthgauge.notebook.judged import JudgedResult, Told, conclude
from depthgauge.notebook.measures import find_measure
from depthgauge.notebook.parameter import Simpler, ordered_points, parameter_axis, simple_end
from depthgauge.notebook.rules import rules_of
from depthgauge.notebook.splitting import Split, given_splits, own_splits, resampled, training_share
from depthgauge.statistics.estimates import Point
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import IntArray
from depthgauge.training.metrics.metric import find_metrics

REPLICATES = 40
VIEW = (RECIPE, "last")
# Of scikit-learn, with what to say to who gives them.
REFUSED = {
    "sample_weight": "a loss is a mean over examples that count alike, here and in its tests",
    "fit_params": "give the estimator its settings with set_params",
    "params": "give the estimator its settings with set_params",
    "error_score": "a fit that fails ends the sweep and says which it was",
}


def sweep_estimator(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    param_name: str | None = None,
    param_range: Iterable[Any] | None = None,
    replicates: int | None = None,
    cv: Any = None,
    scoring: Any = None,
    groups: Any = None,
    n_jobs: int | None = None,
    random_state: int = 0,
    split: Mapping[str, int] | None = None,
    simpler: Simpler | None = None,
    threshold: Mapping[str, Any] | None = None,
    progress: bool = True,
    **ranges: Iterable[Any],
) -> JudgedResult:
    """At which value of a parameter an estimator begins to overfit, and whether that is luck.

    estimator: any of scikit-learn's kind; it is cloned for each fit. X: what its fit takes, n rows
    (array, frame, sparse matrix). y: n targets; of a frame, the name of a column too. The
    parameter and its values are one keyword, `max_depth=range(1, 20)` or `svc__C=[0.1, 1, 10]`, or
    `param_name` and `param_range`.

    replicates: how many there are (40), each with a split of its own into train, validation and
    test that all values share, so that they are compared pair by pair. split: rows of each, by
    default half, a quarter and a quarter, at most 4000, 2000 and 2000; classes in proportion.
    groups: (n,) what the rows belong to; whole groups are then tested, and are the unit for new
    groups. cv: scikit-learn's splits in place of all that (number of folds, splitter, (train, test)
    pairs), a replicate each, with the losses that `validation_curve` gives for them.

    scoring: what is judged: by default log loss of classifiers with predict_proba, error rate of
    others, squared error of regressors. Or the name of a scorer, or one of `make_scorer`: the loss
    is then -score or, where more is better, 1 - score; only of accuracy, neg_log_loss,
    neg_mean_squared_error and neg_mean_absolute_error is something said of new data, which takes
    the loss of each example. n_jobs: as joblib has it. random_state: seed of the splits, and of
    every random_state of the estimator that is None; one that is set is kept, as scikit-learn does.

    simpler: which end of numbers is the simple model, "small" for max_depth, "large" for
    n_neighbors or alpha; by default that of the higher train loss, where it rises all along. Other
    values come with the simplest first. threshold: keys of that section of params.yaml. progress:
    whether a person is told how far it is.

    Returns a result that shows the answer and the figure; `losses` has every loss. Raises TypeError
    for a keyword that is none, sample_weight among them; ValueError, in one line, for what cannot
    be, and FitError, a ValueError, for a fit that fails.

    Example:
        >>> from sklearn.datasets import load_iris
        >>> from sklearn.tree import DecisionTreeClassifier
        >>> import depthgauge as dg
        >>> X, y = load_iris(return_X_y=True)
        >>> result = dg.sweep(DecisionTreeClassifier(), X, y, max_depth=[1, 2, 8], replicates=5)
        >>> list(result.frame["point"])
        [1, 2, 8]
    """
    from sklearn.base import is_classifier

    name, values = _the_range(estimator, param_name, param_range, ranges)
    found = ordered_points(name, values, simpler or "small")
    rules = rules_of(threshold)
    X, y, groups = _data(X, y, groups)
    numbers = None if groups is None else np.unique(groups, return_inverse=True)[1]
    of_each = [_with(estimator, name, value) for _, value in found]
    measure = find_measure(scoring, of_each)
    classifier = is_classifier(estimator)
    if classifier and y.ndim > 1:
        raise ValueError(f"y: has shape {y.shape}; one class an example is needed, shape (n,)")
    if replicates is not None and replicates < 1:
        raise ValueError(f"replicates: {replicates} is too few; use 2 or more")
    if cv is None:
        count = REPLICATES if replicates is None else replicates
        labels = y if classifier else None
        splits = own_splits(len(y), labels, numbers, split, random_state, count)
    else:
        if replicates is not None or split is not None:
            raise ValueError(
                "cv: has splits of its own, a replicate each; leave replicates and split out"
            )
        splits = given_splits(cv, X, y, groups, classifier)
    # Of classes the answer says where errors disagree with the loss.
    errors = classifier and measure.scorer is None
    job = Job(estimator, name, X, y, measure, errors, random_state)
    fits = fit_all(job, [value for _, value in found], splits, n_jobs, progress)
    points = [point for point, _ in found]
    train = [np.array([fit.means["train_loss"] for fit in own]) for own in fits]
    turned = simpler is None and simple_end(name, points, train) == "large"
    if turned:
        points, fits, simpler = points[::-1], fits[::-1], "large"
    view, metric = _losses(job, points, fits, splits, rules, numbers)
    told = Told(
        axis=parameter_axis(name, simpler or "small"),
        name=_called(estimator),
        recipe=_describe(estimator, name, splits, len(y), numbers is not None),
        loss=measure.words,
        model="model",
        titles={VIEW: _called(estimator)},
        resampled=resampled(splits),
        validated=splits[0].validation is not None,
        group=None if groups is None else str(getattr(groups, "name", None) or "group"),
        turned=turned,
    )
    by_metric = None
    if metric is not None:
        by_metric = ("accuracy", find_metrics(["accuracy"])["accuracy"], {VIEW: metric})
    return conclude({VIEW: view}, told, rules, random_state, by_metric)


def _losses(
    job: Job,
    points: Sequence[Point],
    fits: Sequence[Sequence[Fit]],
    splits: Sequence[Split],
    rules: Rules,
    groups: IntArray | None,
) -> tuple[ViewLosses, ViewLosses | None]:
    """The losses and, where the loss is another, the error rates in their place."""
    rows = np.unique(np.concatenate([split.test for split in splits]))
    tests = [np.searchsorted(rows, split.test) for split in splits]
    share = training_share(list(splits), len(job.y))
    whole = job.measure.of_constant
    constants = [whole(job.y[split.train]) for split in splits] if not job.errors else [None]
    constant = None if None in constants else float(np.mean(constants))  # type: ignore[arg-type]
    of_rows = None if groups is None else groups[rows]

    def view(quantity: str, names: Mapping[str, str], reference: float | None) -> ViewLosses:
        known = quantity in fits[0][0].examples
        examples = np.full((len(points), len(splits), len(rows) if known else 0), np.nan)
        check_memory(rules, examples)
        if known:
            for of_point, own in zip(examples, fits, strict=True):
                for row, fit, test in zip(of_point, own, tests, strict=True):
                    row[test] = fit.examples[quantity]
        curves = [
            {key: np.array([[fit.means[of]] for fit in own]) for key, of in names.items()}
            for own in fits
        ]
        return losses_of(
            list(points),
            curves,
            examples,
            rules,
            reference=reference,
            groups=of_rows if known else None,
            training_share=share,
        )

    measured = list(fits[0][0].means)
    losses = view("loss", dict(zip(measured, measured, strict=True)), constant)
    if not job.errors or job.measure == ERROR_RATE:
        return losses, None
    as_loss = {n.replace("error", "loss"): n for n in measured if n.endswith("error")}
    return losses, view("error", as_loss, None)


def _the_range(
    estimator: Any, name: str | None, values: Iterable[Any] | None, ranges: Mapping[str, Any]
) -> tuple[str, list[Any]]:
    if isinstance(estimator, type):
        raise TypeError(f"{estimator.__name__} is a class; sweep() takes {estimator.__name__}()")
    known = estimator.get_params(deep=True)
    for key in ranges:
        _check_known(key, type(estimator).__name__, known)
    asked = dict(ranges)
    if name is not None:
        asked[name] = () if values is None else values
    elif values is not None:
        raise ValueError("param_range: needs param_name, which says of what")
    if len(asked) != 1:
        said = f"{', '.join(asked)}: sweep one at a time" if asked else "no parameter is swept"
        raise ValueError(f"{said}; name one parameter with its values, max_depth=range(1, 20) say")
    name, values = next(iter(asked.items()))
    if name not in known:
        has = ", ".join(sorted(known))
        raise ValueError(f"{name}: is no parameter of {type(estimator).__name__}; it has {has}")
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"{name}: {values!r} is one value; give those to compare, as a list")
    return name, list(values)


def _check_known(key: str, estimator: str, parameters: Mapping[str, Any]) -> None:
    """Raises TypeError, as Python does, for a keyword that is neither ours nor the estimator's."""
    if key in parameters:
        return
    if key in REFUSED:
        raise TypeError(f"sweep() takes no {key!r}: {REFUSED[key]}")
    every = [*signature(sweep_estimator).parameters, *parameters]
    # Within a pipeline a parameter has the name of its step before its own.
    within = [name for name in parameters if name.endswith(f"__{key}")]
    close = within if len(within) == 1 else get_close_matches(key, every, 1)
    near = "".join(f"; is it {name!r}?" for name in close)
    raise TypeError(f"sweep() and {estimator} have no {key!r}{near}")


def _data(X: Any, y: Any, groups: Any) -> tuple[Any, np.ndarray, Any]:
    """X, the targets and the groups. Raises ValueError where lengths differ."""
    from sklearn.utils import indexable

    if isinstance(y, str):
        if y not in getattr(X, "columns", ()):
            raise ValueError(f"y: {y!r} is no column of X")
        X, y = X.drop(columns=y), X[y]
    if y is None:
        raise ValueError("y: is missing; overfitting is judged by what is predicted")
    if isinstance(groups, str):
        if groups not in getattr(X, "columns", ()):
            raise ValueError(f"groups: {groups!r} is no column of X")
        X, groups = X.drop(columns=groups), X[groups]
    X, y, groups = indexable(X, y, groups)
    return X, np.asarray(y), groups


def _with(estimator: Any, name: str, value: Any) -> Any:
    from sklearn.base import clone

    return clone(estimator).set_params(**{name: clone(value, safe=False)})


def _called(estimator: Any) -> str:
    """Its class; of a pipeline those of its steps."""
    steps = [step for _, step in getattr(estimator, "steps", ())] or [estimator]
    return " + ".join(type(step).__name__ for step in steps)


def _describe(estimator: Any, name: str, splits: Sequence[Split], rows: int, groups: bool) -> str:
    """What was fitted, in brackets: "DecisionTreeClassifier, 400 training examples"."""
    sizes = sorted({split.train.size for split in splits})
    train = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
    parts = [_called(estimator), f"{train} training examples"]
    used = sum(
        rows.size
        for rows in (splits[0].train, splits[0].validation, splits[0].test)
        if rows is not None
    )
    if used < rows:
        parts.append(f"each replicate using {used:,} of all {rows:,} examples")
    if groups:
        parts.append("tested on groups that it never saw")
    kept = kept_seed(estimator, name)
    if kept:
        parts.append(f"always with {kept}")
    return ", ".join(parts)
