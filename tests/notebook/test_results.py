"""What the results notebook shows."""

import pytest

from depthgauge.errors import InputError
from depthgauge.notebook.results import curves, curves_figure, runs
from tests.experiment import new_experiment


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    experiment = new_experiment(tmp_path_factory.mktemp("explore") / "many", "images")
    experiment.set("points", [0, 1, 2, 3, 4, 5, 6, 7, 8, 10]).set("recipe.epochs", 3)
    experiment.repro()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        assert experiment.run("track") == 0
    return experiment


def test_a_panel_for_each_point_in_order_with_the_same_axes(many):
    panels = [axes for axes in curves_figure(many.folder).axes if axes.get_visible()]
    points = many.content["points"]
    assert [axes.get_title() for axes in panels] == [f"fixed, depth {point}" for point in points]
    assert len({axes.get_ylim() for axes in panels}) == 1
    found = curves(many.folder)
    for axes, point in zip(panels, points, strict=True):
        drawn = {line.get_label(): line.get_ydata() for line in axes.get_lines()}
        assert drawn["test"] == pytest.approx(found[f"fixed-{point}", "test"].to_numpy())
        assert drawn["train"] == pytest.approx(found[f"fixed-{point}", "train"].to_numpy())


def test_runs_are_in_the_order_of_the_points(many, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    table = runs(many.folder)
    assert list(table.index) == [f"fixed depth {point}" for point in many.content["points"]]
    assert list(table.columns) == ["train loss", "validation loss", "test loss"]


def test_nothing_trained(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    experiment = new_experiment(tmp_path / "new", "series")
    assert len(runs(experiment.folder)) == 0
    with pytest.raises(InputError, match="nothing is trained yet"):
        curves_figure(experiment.folder)
