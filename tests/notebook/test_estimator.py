"""A sweep of any scikit-learn estimator, held against scikit-learn's own curves."""

import doctest
import re
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.datasets import make_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import fbeta_score, make_scorer
from sklearn.model_selection import GroupKFold, KFold, ShuffleSplit, validation_curve
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier

import depthgauge as dg
from depthgauge.notebook import estimator as module
from depthgauge.notebook.fits import FitError

QUICK = {"progress": False, "threshold": {"resamples": 1000, "stability_resamples": 100}}
DEPTHS = [1, 2, 4, 8]
DRAWS = ShuffleSplit(6, test_size=0.3, random_state=1)


def classes(rows=200, seed=0, **more):
    return make_classification(rows, 8, n_informative=4, flip_y=0.2, random_state=seed, **more)


def numbers(rows=120, noise=0.3, seed=0):
    """A cubic of one input: degree 3 is the simplest that is right."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, rows)
    return x[:, None], 4 * x**3 - 3 * x + noise * rng.standard_normal(rows)


def losses(result, split, replicates):
    """(D, R) in the order of the points."""
    frame = result.losses[result.losses["split"] == split]
    return frame["loss"].to_numpy().reshape(-1, replicates)


SCORINGS = [
    (DecisionTreeClassifier(random_state=0), classes(), "neg_log_loss", "neg", DRAWS),
    (DecisionTreeClassifier(random_state=0), classes(), "accuracy", "one", 5),
    (DecisionTreeClassifier(random_state=0), classes(n_classes=3), "accuracy", "one", KFold(4)),
    (DecisionTreeClassifier(random_state=0), classes(), "roc_auc", "one", DRAWS),
    (DecisionTreeRegressor(random_state=0), numbers(), "neg_mean_squared_error", "neg", DRAWS),
    (DecisionTreeRegressor(random_state=0), numbers(), "neg_mean_absolute_error", "neg", 4),
    (DecisionTreeRegressor(random_state=0), numbers(), "neg_root_mean_squared_error", "neg", DRAWS),
    (DecisionTreeRegressor(random_state=0), numbers(), "r2", "one", DRAWS),
    (
        DecisionTreeClassifier(random_state=0),
        classes(),
        make_scorer(fbeta_score, beta=2),
        "one",
        DRAWS,
    ),
]


@pytest.mark.parametrize(("estimator", "data", "scoring", "best", "cv"), SCORINGS)
def test_its_losses_are_those_of_validation_curve(estimator, data, scoring, best, cv):
    given = {"param_name": "max_depth", "param_range": DEPTHS}
    scores = validation_curve(estimator, *data, **given, cv=cv, scoring=scoring)
    result = dg.sweep(estimator, *data, **given, cv=cv, scoring=scoring, **QUICK)
    for split, score in zip(("train", "test"), scores, strict=True):
        expected = -score if best == "neg" else 1 - score
        found = losses(result, split, expected.shape[1])
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert "Test loss chooses" in result.answer or "cannot be told" in result.answer


@pytest.mark.parametrize(
    ("estimator", "data", "words"),
    [
        (KNeighborsClassifier(), classes(), "cross-entropy"),
        (SVC(), classes(), "error rate"),
        (Ridge(), numbers(), "squared error"),
    ],
)
def test_each_kind_of_estimator_has_its_usual_loss(estimator, data, words):
    name = {"KNeighborsClassifier": "n_neighbors", "SVC": "C", "Ridge": "alpha"}
    swept = {name[type(estimator).__name__]: [1, 5, 20]}
    result = dg.sweep(estimator, *data, **swept, replicates=4, **QUICK)
    assert result.loss_name == words
    assert f"mean {words}" in result.plot().svg()


def test_a_planted_degree_is_the_best_and_beyond_it_overfitting_is_found():
    X, y = numbers(rows=200, noise=0.5)
    model = make_pipeline(PolynomialFeatures(), Ridge(alpha=1e-6))
    result = dg.sweep(model, X, y, polynomialfeatures__degree=[1, 2, 3, 5, 9, 14], **QUICK)
    first = result.verdicts.iloc[0]
    assert (first["best"], first["recommended"]) == (3, 3)
    assert first["threshold"] in (5, 9, 14)
    said = result.frame.set_index("point")["on_this_data"]
    assert list(said.loc[[1, 2, 3]]) == ["before best", "before best", "best"]
    assert "PolynomialFeatures + Ridge, 100 training examples" in result.answer


def test_values_that_do_nothing_are_never_called_overfitting():
    X, y = classes()
    result = dg.sweep(KNeighborsClassifier(), X, y, leaf_size=[1, 10, 30], replicates=5, **QUICK)
    assert result.verdicts["threshold"].isna().all()
    assert "cannot be told" in result.answer or "no overfitting" in result.answer


class Lucky(ClassifierMixin, BaseEstimator):
    """A random tree; its value is another draw of the same luck in every replicate."""

    def __init__(self, value=0, random_state=None):
        self.value, self.random_state = value, random_state

    def fit(self, X, y):
        seed = np.random.default_rng((self.value, self.random_state)).integers(2**31)
        self.tree_ = ExtraTreeClassifier(max_depth=3, random_state=int(seed)).fit(X, y)
        self.classes_ = self.tree_.classes_
        return self

    def predict(self, X):
        return self.tree_.predict(X)


@pytest.mark.slow
def test_values_that_differ_by_luck_alone_raise_few_false_alarms():
    # All values are as good: any threshold is a false alarm.
    alarms = {"threshold": 0, "threshold_new_data": 0}
    for seed in range(100):
        X, y = classes(rows=100, seed=seed)
        asked = {"value": range(5), "replicates": 20, "random_state": seed}
        found = dg.sweep(Lucky(), X, y, **asked, **QUICK).verdicts.iloc[0]
        for question in alarms:
            alarms[question] += found[question] is not None
    # At 5 %, more than 11 of 100 have a chance below 0.5 %.
    assert max(alarms.values()) <= 11, alarms


def test_neighbours_are_read_from_many_to_few_unless_one_says_otherwise():
    """One neighbour learns the training examples by heart: the flexible end, though it is first."""
    X, y = classes(300)
    ask = {"n_neighbors": [1, 5, 25], "replicates": 12, "scoring": "accuracy", **QUICK}
    guessed = dg.sweep(KNeighborsClassifier(), X, y, **ask)
    told = dg.sweep(KNeighborsClassifier(), X, y, simpler="large", **ask)
    assert list(guessed.frame["point"]) == [25, 5, 1]
    pd.testing.assert_frame_equal(guessed.frame, told.frame)
    pd.testing.assert_frame_equal(guessed.losses, told.losses)
    said = " It is read from n_neighbors=25 on, which is taken for the simplest: "
    assert guessed.answer.partition(said)[0] == told.answer
    assert "overfitting begins at n_neighbors=1" in told.answer
    small = dg.sweep(KNeighborsClassifier(), X, y, simpler="small", **ask)
    assert list(small.frame["point"]) == [1, 5, 25]
    assert "ask again in the other order (`simpler`)" in small.answer


def test_of_classes_the_answer_says_where_errors_disagree():
    X, y = classes(rows=300)
    result = dg.sweep(DecisionTreeClassifier(), X, y, max_depth=[1, 3, 12], replicates=8, **QUICK)
    assert result.verdicts["threshold"].iloc[0] == 12
    assert "y error rate" in result.answer or "By error rate" not in result.answer
    assert "network" not in result.answer


def test_the_same_seed_gives_the_same_result_however_many_jobs():
    X, y = classes()
    tree, asked = ExtraTreeClassifier(), {"max_depth": DEPTHS, "replicates": 3}
    one = dg.sweep(tree, X, y, **asked, **QUICK)
    two = dg.sweep(tree, X, y, **asked, n_jobs=2, **QUICK)
    pd.testing.assert_frame_equal(one.losses, two.losses)
    assert one.answer == two.answer
    other = dg.sweep(tree, X, y, **asked, random_state=1, **QUICK)
    assert not one.losses.equals(other.losses)
    assert tree.get_params() == ExtraTreeClassifier().get_params()


def test_a_seed_of_ones_own_is_kept_and_told():
    X, y = classes()
    fixed = [(np.arange(100), np.arange(100, 200))] * 4
    kept = dg.sweep(ExtraTreeClassifier(random_state=7), X, y, max_depth=DEPTHS, cv=fixed, **QUICK)
    assert np.ptp(losses(kept, "test", 4), axis=1).max() == 0
    assert "always with random_state=7" in kept.answer
    free = dg.sweep(ExtraTreeClassifier(), X, y, max_depth=DEPTHS, cv=fixed, **QUICK)
    assert np.ptp(losses(free, "test", 4), axis=1).min() > 0
    assert "other seeds and splits" not in free.answer


class Recorder(ClassifierMixin, BaseEstimator):
    """Remembers which rows it was given: the first column is their number."""

    def __init__(self, value=0):
        self.value = value

    def fit(self, X, y):
        SEEN.append((self.value, tuple(X[:, 0].astype(int))))
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        SEEN[-1] += (tuple(X[:, 0].astype(int)),)
        return np.zeros(len(X), int)


SEEN = []


@pytest.mark.parametrize("grouped", [False, True])
def test_all_values_of_a_replicate_have_the_same_split_and_no_row_twice(grouped):
    SEEN.clear()
    y = np.arange(120) % 2
    groups = np.arange(120) // 4
    X = np.arange(120.0)[:, None]
    dg.sweep(
        Recorder(), X, y, value=[0, 1], replicates=3, groups=groups if grouped else None, **QUICK
    )
    assert len(SEEN) == 6
    for replicate in range(3):
        one, other = SEEN[replicate], SEEN[replicate + 3]
        assert one[1:] == other[1:]
        train, _, validation, test = one[1:]
        assert not set(train) & set(test)
        assert not set(train) & set(validation)
        assert not set(test) & set(validation)
        assert len(train) == 60
        if grouped:
            assert not set(groups[list(train)]) & set(groups[list(test)])
        else:
            assert sum(y[list(train)]) == 30
    assert SEEN[0][1] != SEEN[1][1]


def test_group_splitters_are_given_the_groups_and_new_groups_are_judged():
    X, y = classes()
    groups = pd.Series(np.arange(200) // 5, name="person")
    result = dg.sweep(
        DecisionTreeClassifier(), X, y, max_depth=[1, 8], cv=GroupKFold(5), groups=groups, **QUICK
    )
    assert result.frame["for_new_groups"].notna().all()
    assert "groups that it never saw" in result.answer


def test_frames_names_of_columns_sparse_matrices_and_words_as_classes_are_taken():
    X, y = classes()
    frame = pd.DataFrame(X).add_prefix("x")
    words = np.array(["no", "yes"])[y]
    asked = {"max_depth": [1, 3], "replicates": 3} | QUICK
    tree = DecisionTreeClassifier(random_state=0)
    plain = dg.sweep(tree, X, y, **asked)
    named = dg.sweep(tree, frame.assign(bought=words), target="bought", **asked)
    pd.testing.assert_frame_equal(plain.losses, named.losses)
    again = dg.sweep(tree, frame.assign(bought=words), "bought", **asked)
    pd.testing.assert_frame_equal(plain.losses, again.losses)
    thin = dg.sweep(tree, sparse.csr_matrix(X), y, **asked)
    pd.testing.assert_frame_equal(plain.losses, thin.losses)


def test_several_numbers_an_example_are_judged_by_their_mean():
    X, y = numbers()
    both = np.column_stack([y, y])
    one = dg.sweep(DecisionTreeRegressor(random_state=0), X, y, max_depth=[1, 3], cv=3, **QUICK)
    two = dg.sweep(DecisionTreeRegressor(random_state=0), X, both, max_depth=[1, 3], cv=3, **QUICK)
    np.testing.assert_allclose(one.losses["loss"], two.losses["loss"])


class Diverges(RegressorMixin, BaseEstimator):
    """Predicts no number where its value is 2."""

    def __init__(self, value=0):
        self.value = value

    def fit(self, X, y):
        return self

    def predict(self, X):
        return np.full(len(X), np.nan if self.value == 2 else float(self.value))


def test_predictions_that_are_no_numbers_are_a_divergence():
    X, y = numbers()
    result = dg.sweep(Diverges(), X, y, value=[0, 1, 2], replicates=3, **QUICK)
    assert list(result.frame["on_this_data"])[2] == "diverged"


def test_what_the_fits_warn_of_is_said_once():
    X, y = classes()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dg.sweep(LogisticRegression(max_iter=1), X, y, C=[0.1, 1], replicates=3, **QUICK)
    told = [each for each in caught if each.category is ConvergenceWarning]
    assert len(told) == 1
    assert str(told[0].message).endswith("(in 6 of 6 fits)")


class Noisy(LogisticRegression):
    """Warns with another number in each fit."""

    def fit(self, X, y):
        warnings.warn(f"rcond = {np.abs(X).sum():.6g}e-17, self.C {self.C}", stacklevel=1)
        return super().fit(X, y)


def test_warnings_that_differ_in_a_number_are_one():
    X, y = classes()
    with pytest.warns(UserWarning, match="rcond") as caught:
        dg.sweep(Noisy(), X, y, C=[0.1, 1], replicates=3, **QUICK)
    assert [str(each.message).partition("(")[2] for each in caught] == ["in 6 of 6 fits)"]


def test_a_step_of_a_pipeline_is_named_where_it_is_missing():
    pipeline = make_pipeline(StandardScaler(), LogisticRegression())
    with pytest.raises(TypeError, match="have no 'C'; is it 'logisticregression__C'"):
        dg.sweep(pipeline, *classes(), C=[0.1, 1], **QUICK)


def test_a_class_is_no_estimator():
    said = "LogisticRegression is a class; sweep() takes LogisticRegression()"
    with pytest.raises(TypeError, match=re.escape(said)):
        dg.sweep(LogisticRegression, *classes(), C=[0.1, 1], **QUICK)


X, Y = classes()
TREE = DecisionTreeClassifier()
BAD = [
    ({}, ValueError, "no parameter is swept; name one parameter with its values"),
    ({"max_depth": [1], "max_features": [1]}, ValueError, "max_depth, max_features: sweep one at"),
    ({"max_dept": [1, 2]}, TypeError, "have no 'max_dept'; is it 'max_depth'"),
    ({"max_depth": 3}, ValueError, "max_depth: 3 is one value; give those to compare"),
    ({"max_depth": []}, ValueError, "max_depth: has no values"),
    ({"max_depth": [1, 2], "sample_weight": [1]}, TypeError, "takes no 'sample_weight': a loss"),
    ({"max_depth": [1, 2], "fit_params": {}}, TypeError, "takes no 'fit_params'"),
    ({"param_range": [1, 2]}, ValueError, "param_range: needs param_name"),
    ({"param_name": "depth", "param_range": [1]}, ValueError, "depth: is no parameter of Decis"),
    ({"max_depth": [1, 2], "scoring": "best"}, ValueError, "scoring: 'best' is no scorer"),
    ({"max_depth": [1, 2], "scoring": lambda *_: 0}, ValueError, "wrap it in .*make_scorer"),
    ({"max_depth": [1, 2], "replicates": 0}, ValueError, "replicates: 0 is too few"),
    ({"max_depth": [1, 2], "cv": 5, "replicates": 3}, ValueError, "cv: has splits of its own"),
    ({"max_depth": [1, 2], "cv": []}, ValueError, "cv: holds no"),
    ({"max_depth": [1, 2], "cv": [([0, 1], [1, 2])]}, ValueError, "cv: split 0 tests rows that"),
    ({"max_depth": [1, 2], "cv": [([0, 1], [])]}, ValueError, "cv: split 0 has no test rows"),
    ({"max_depth": [1, 2], "cv": [([0, 1], [999])]}, ValueError, "no row numbers of 0 to 199"),
    ({"max_depth": [1, 2], "cv": [3]}, ValueError, "cv: split 0 is no .train, test. pair"),
    (
        {"max_depth": [1, 2], "cv": [([0, 1], [2]), ([0, 1], [2]), ([0, 1], [3])]},
        ValueError,
        "cv: some splits are the same and others are not",
    ),
    ({"max_depth": [1, 2], "split": {"train": 9}}, ValueError, "split: needs train, validation"),
    (
        {"max_depth": [1, 2], "split": {"train": 900, "validation": 1, "test": 1}},
        ValueError,
        "splits: train 900 .* there are 200",
    ),
    ({"max_depth": [1, 2], "groups": [1] * 200}, ValueError, "splits: the 1 groups leave"),
    ({"max_depth": [1, 2], "groups": "person"}, ValueError, "'person' is no column of X"),
    ({"max_depth": [1, -1]}, FitError, "max_depth=-1, replicate 0: DecisionTreeClassifier failed"),
]


@pytest.mark.parametrize(("asked", "kind", "said"), BAD)
def test_what_cannot_be_swept_is_refused_in_one_line(asked, kind, said):
    with pytest.raises(kind, match=said) as refusal:
        dg.sweep(TREE, X, Y, **asked, **QUICK)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((X, Y[:-1]), "inconsistent numbers of samples"),
        ((X, None), "y: is missing"),
        ((X, "price"), "y: 'price' is no column of X"),
        ((X, np.column_stack([Y, Y])), r"y: has shape \(200, 2\); one class an example"),
        ((X, np.r_[2, Y[1:]]), "class '2': its 1 examples are too few"),
    ],
)
def test_data_that_cannot_be_swept_are_refused(data, said):
    with pytest.raises(ValueError, match=said):
        dg.sweep(TREE, *data, max_depth=[1, 2], **QUICK)


def test_an_estimator_of_neither_kind_needs_a_scorer():
    scaler = StandardScaler()
    with pytest.raises(ValueError, match="StandardScaler is neither a classifier nor a regressor"):
        dg.sweep(scaler, X, Y, with_mean=[True, False], **QUICK)


def test_the_example_in_its_words_runs():
    assert doctest.testmod(module).attempted > 0
    assert doctest.testmod(module).failed == 0
