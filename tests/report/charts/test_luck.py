"""The slider over replicates tells what the first ones show, and no more."""

from dataclasses import replace

import numpy as np
import pytest

from depthgauge.report.charts.luck import luck_figures
from depthgauge.statistics.paired import mean_and_interval


def test_each_step_is_of_the_first_replicates(facts):
    known = facts["images"]
    (figure,) = luck_figures(known)
    losses = next(iter(known.losses.values()))
    count = known.settings.trained
    assert figure.slider.values == list(range(1, count + 1))
    assert len(figure.rows) == count * len(known.points) * 2
    for row in figure.rows:
        place = known.points.index(row["depth"])
        wanted = mean_and_interval(losses[row["split"]][: row["first"], place])
        assert row["mean_loss"] == pytest.approx(wanted.mean, rel=1e-5)
        if row["first"] == 1:
            assert row["low"] is None
        else:
            assert row["high"] == pytest.approx(wanted.interval.high, rel=1e-5)


def test_it_says_when_a_rise_is_resolved(facts):
    known = facts["images"]
    view = next(iter(known.losses))
    count, points = known.losses[view]["test"].shape
    rises = np.arange(points) + 1e-6 * np.arange(count)[:, None] ** 2
    told = replace(
        known, losses=known.losses | {view: {"train": 1 / (1 + rises), "test": 1 + rises}}
    )
    (figure,) = luck_figures(told)
    first, *_, last = figure.slider.said
    assert first == (
        "With the first of the replicates mean test loss is least at depth 0. "
        "One replicate tells no luck from a difference."
    )
    assert last.endswith("A rise beyond the margin is resolved at depths 1 and 2.")
    marked = {row["depth"] for row in figure.rows if row["test"] == "higher"}
    assert marked == {1, 2}


@pytest.mark.parametrize("name", ["one_replicate", "one_depth", "diverged"])
def test_where_there_is_nothing_to_add_up_there_is_none(facts, name):
    assert luck_figures(facts[name]) == []
