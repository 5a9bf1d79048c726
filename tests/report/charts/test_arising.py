"""The slider over epochs draws the learning curves' own numbers, against the points."""

import numpy as np
import pytest

from depthgauge.report.charts.arising import arising_figures
from depthgauge.report.charts.curves import recipe_curves


def test_it_draws_from_the_table_of_the_curves(facts):
    known = facts["images"]
    (figure,) = arising_figures(known)
    table = recipe_curves(known, "fixed")
    assert figure.numbers_of == table.name
    assert list(figure.rows) == list(table.rows)
    assert figure.spec(table=False)["usermeta"]["table"] == "csv-curves-fixed"


def test_each_step_names_the_least_losses(facts):
    known = facts["images"]
    (figure,) = arising_figures(known)
    test = np.stack([named["test_loss"].mean(axis=0) for named in known.curves["fixed"]])
    assert figure.slider.values == list(range(1, test.shape[1] + 1))
    for epoch, said in zip(figure.slider.values, figure.slider.said, strict=True):
        least = known.points[int(test[:, epoch - 1].argmin())]
        assert said.startswith(
            f"After epoch {epoch} of {test.shape[1]} mean train loss is least at"
        )
        assert f"mean test loss at depth {least}" in said


@pytest.mark.parametrize("name", ["one_depth", "diverged"])
def test_where_there_is_nothing_to_compare_there_is_none(facts, name):
    assert arising_figures(facts[name]) == []
