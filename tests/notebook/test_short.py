"""A short experiment trains what the stages would."""

import numpy as np
import pytest

from depthgauge.artifacts.runs import read_curves
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.notebook.short import sweep
from depthgauge.settings.load import load_settings
from tests.experiment import new_experiment


def test_it_is_what_the_stages_train(tmp_path):
    experiment = new_experiment(tmp_path, "series")
    short = sweep(tmp_path, [0, 2], replicates=3, epochs=2)
    experiment.repro("prepare", "recipe", "train")
    for point in (0, 2):
        stages = read_curves(experiment.results(point))
        for name, curve in short.trained[point].curves.items():
            np.testing.assert_allclose(curve, stages[name], rtol=1e-8)
    expected = [stages["test_loss"][:, -1].mean()]
    assert short.losses()["test loss"].iloc[-1:].tolist() == pytest.approx(expected)
    assert short.curves().spec()["facet"]["sort"] == ["depth 0", "depth 2"]


def test_functions_go_through_the_networks_predictions(tmp_path):
    experiment = new_experiment(tmp_path, "table")
    numbers = experiment.content["data"]["numbers"][:1]
    experiment.set("data.numbers", numbers).set("data.categories", [])
    experiment.set("data.missing", "refuse") if experiment.content["data"]["task"] else None
    if experiment.content["data"]["task"] != "regression":
        pytest.skip("the small table has classes")
    short = sweep(tmp_path, [0, 1], replicates=2, epochs=2)
    figure = short.functions()
    assert figure.svg().count(">depth ") == 2
    line = [row for row in figure.rows if row["depth"] == 0 and "prediction" in row]
    x, y = (np.array([row[name] for row in line]) for name in ("input", "prediction"))
    # A linear model draws a line.
    np.testing.assert_allclose(np.diff(y, 2), 0, atol=1e-4 * np.ptp(y) + 1e-6)
    assert x.size == 400


def test_it_is_judged_as_the_pipeline_judges_it(tmp_path):
    experiment = new_experiment(tmp_path, "images")
    points, replicates = experiment.content["points"], experiment.content["replicates"]
    short = sweep(tmp_path, points, replicates, experiment.content["recipe"]["epochs"])
    experiment.repro("prepare", "baselines", "recipe", "train", "evaluate")
    settings = load_settings(tmp_path)
    (pipeline, *_) = read_verdicts(tmp_path, settings).views
    mine, theirs = short.verdict(), pipeline.verdict
    assert mine.best == theirs.best
    assert mine.on_this_data == theirs.on_this_data
    assert mine.for_new_data == theirs.for_new_data
    for one, other in zip(mine.points, theirs.points, strict=True):
        assert one.on_this_data == other.on_this_data
        assert one.means["test_loss"] == pytest.approx(other.means["test_loss"])
        if one.comparison and one.comparison.relative_rise is not None:
            assert one.comparison.relative_rise == pytest.approx(other.comparison.relative_rise)
    # Its first sentence is that of the answer.
    said = read_verdicts(tmp_path, settings).answer
    assert said.startswith(short.answer().split(". ")[0])
