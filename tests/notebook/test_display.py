"""The figure in matplotlib, by scikit-learn's convention."""

import matplotlib
import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.neighbors import KNeighborsRegressor

import depthgauge as dg
from depthgauge.notebook.display import ThresholdDisplay
from depthgauge.notebook.result import Result

matplotlib.use("Agg")
import matplotlib.pyplot as plt

RULES = {"resamples": 1000, "stability_resamples": 100}
SWEEP = {"simpler": "large", "replicates": 10, "progress": False, "threshold": RULES}


@pytest.fixture(scope="module")
def result():
    X, y = load_diabetes(return_X_y=True)
    return dg.sweep(KNeighborsRegressor(), X, y, n_neighbors=[1, 2, 20, 100], **SWEEP)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_it_draws_the_losses_the_best_and_the_threshold(result):
    display = ThresholdDisplay.from_result(result)
    train, test = display.lines_
    assert list(test.get_xdata()) == [100, 20, 2, 1]
    np.testing.assert_allclose(test.get_ydata(), result.frame["test_loss"])
    np.testing.assert_allclose(train.get_ydata(), result.frame["train_loss"])
    first = result.verdicts.iloc[0]
    assert display.best_.get_xdata()[0] == first["best"] == 20
    span = display.threshold_.get_extents().transformed(display.ax_.transData.inverted())
    assert first["threshold"] in (1, 2)
    assert span.x0 == pytest.approx(first["threshold"]) or span.x1 == pytest.approx(
        first["threshold"]
    )
    # The simplest value is on the left.
    assert display.ax_.get_xlim()[0] > display.ax_.get_xlim()[1]
    assert display.ax_.get_xlabel() == "n_neighbors"
    assert display.ax_.get_ylabel() == "Mean squared error"
    assert [text.get_text() for text in display.ax_.get_legend().get_texts()] == [
        "Train",
        "Test",
        "Best: 20",
        f"Overfits from {first['threshold']}",
    ]


def test_its_bands_are_the_intervals_of_the_frame(result):
    _, band = ThresholdDisplay.from_result(result).fill_between_
    heights = band.get_paths()[0].vertices
    for row in result.frame.itertuples():
        ends = heights[heights[:, 0] == row.point][:, 1]
        assert ends.min() == pytest.approx(row.test_loss_low)
        assert ends.max() == pytest.approx(row.test_loss_high)


def test_it_draws_into_axes_that_are_there_as_scikit_learn_does(result):
    figure, axes = plt.subplots()
    display = ThresholdDisplay.from_result(result, ax=axes, line_kw={"linewidth": 7})
    assert display.ax_ is axes
    assert display.figure_ is figure
    assert display.lines_[0].get_linewidth() == 7
    assert display.plot() is display
    assert display.ax_ is not axes


def test_from_estimator_is_a_sweep_and_a_plot(result):
    X, y = load_diabetes(return_X_y=True)
    display = dg.ThresholdDisplay.from_estimator(
        KNeighborsRegressor(), X, y, param_name="n_neighbors", param_range=[1, 2, 20, 100], **SWEEP
    )
    same = ThresholdDisplay.from_result(result)
    np.testing.assert_array_equal(display.test_losses, same.test_losses)
    assert (display.best, display.threshold) == (same.best, same.threshold)


def test_values_that_are_no_numbers_stand_side_by_side():
    X, y = load_diabetes(return_X_y=True)
    result = dg.sweep(
        KNeighborsRegressor(), X, y, weights=["uniform", "distance"], **SWEEP | {"simpler": "small"}
    )
    display = ThresholdDisplay.from_result(result)
    assert [t.get_text() for t in display.ax_.get_xticklabels()] == ["uniform", "distance"]


def test_a_result_without_losses_is_refused(result):
    plain = Result(result.answer, result.frame, result.verdicts, result.figure, result.page)
    with pytest.raises(ValueError, match="result: has no losses of replicates"):
        ThresholdDisplay.from_result(plain)
