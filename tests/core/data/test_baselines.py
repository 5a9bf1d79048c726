import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.dummy import DummyClassifier
from sklearn.metrics import log_loss, mean_absolute_error, mean_squared_error

from depthgauge.core.data.baselines import class_baselines, series_baselines
from depthgauge.core.data.images import prepare_images
from depthgauge.core.data.series import prepare_series

SPLITS = ("train", "validation", "test")
METRICS = {"mae": mean_absolute_error, "mse": mean_squared_error}


def series(window):
    rng = np.random.default_rng(0)
    days = np.datetime64("2020-01-01") + np.arange(60)
    prepared, _ = prepare_series(days, 5 + rng.gamma(2, size=60), window, "exclude", "none", 10, 10)
    return prepared


@pytest.mark.parametrize("loss", ["mae", "mse"])
def test_forecasts_in_scaled_units(loss):
    prepared = series(7)
    scale = float(prepared.scaling.target_scale[0, 0])
    unit = scale if loss == "mae" else scale**2
    losses = series_baselines(prepared, loss)
    for split in SPLITS:
        rows = prepared.splits[split][0]
        for name, column in (("tomorrow_equals_today", 6), ("tomorrow_equals_a_week_ago", 0)):
            raw = METRICS[loss](prepared.targets[rows, 0], prepared.inputs[rows, column])
            assert losses[name][split] == pytest.approx(raw / unit, rel=1e-5)


@pytest.mark.parametrize("loss", ["mae", "mse"])
def test_no_constant_fits_training_better(loss):
    prepared = series(7)
    best = series_baselines(prepared, loss)["constant"]["train"]
    targets = prepared.targets[prepared.splits.train[0], 0].astype(float)
    scale = float(prepared.scaling.target_scale[0, 0])
    unit = scale if loss == "mae" else scale**2
    for constant in np.linspace(targets.min(), targets.max(), 200):
        assert best <= METRICS[loss](targets, np.full_like(targets, constant)) / unit + 1e-9


@pytest.mark.parametrize(("window", "week"), [(6, False), (7, True), (8, True)])
def test_a_week_ago_needs_a_window_of_a_week(window, week):
    assert ("tomorrow_equals_a_week_ago" in series_baselines(series(window), "mae")) == week


def test_class_guesses_agree_with_scikit_learn():
    rng = np.random.default_rng(1)
    labels = rng.choice(3, p=[0.5, 0.3, 0.2], size=120)
    pixels = rng.normal(size=(120, 2))
    counts = {"train": 60, "validation": 25, "test": 30}
    prepared = prepare_images(
        pixels,
        ["a", "b"],
        [str(x) for x in labels],
        [str(i) for i in range(120)],
        counts,
        0,
        6,
        "all",
    )
    losses = class_baselines(prepared)
    for split in SPLITS:
        errors, cross_entropies = [], []
        for train, rows in zip(prepared.splits.train, prepared.splits[split], strict=True):
            dummy = DummyClassifier(strategy="prior").fit(pixels[train], labels[train])
            errors.append(1 - dummy.score(pixels[rows], labels[rows]))
            guess = dummy.predict_proba(pixels[rows])
            cross_entropies.append(log_loss(labels[rows], guess, labels=[0, 1, 2]))
        assert losses["most_frequent_class_error"][split] == pytest.approx(np.mean(errors))
        assert losses["class_frequencies_cross_entropy"][split] == pytest.approx(
            np.mean(cross_entropies)
        )
    tally = [np.bincount(labels[rows]) for rows in prepared.splits.train]
    assert losses["class_frequencies_cross_entropy"]["train"] == pytest.approx(
        np.mean([entropy(counts) for counts in tally])
    )
