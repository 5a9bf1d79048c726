"""The picture of the losses shows what it is given, and comes out the same."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from depthgauge.report.charts.loss import loss_figure
from depthgauge.statistics.verdicts import Answer, Outcome

SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[3]


def texts(svg):
    return [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]


def marks(svg):
    """Faint ones: the replicates."""
    return [p for p in ET.fromstring(svg).iter(f"{SVG}path") if p.get("opacity") == "0.3"]


def with_threshold(facts, threshold):
    """The same threshold in every view."""
    outcome = Outcome.NONE_RESOLVED if threshold is None else Outcome.THRESHOLD_FOUND
    answer = Answer(outcome, threshold, None)
    verdicts = {v: replace(e, on_this_data=answer) for v, e in facts.verdicts.items()}
    return replace(facts, verdicts=verdicts)


def compared(facts):
    """Every point with some comparison, whichever is the best."""
    some = next(p.comparison for v in facts.verdicts.values() for p in v.points if p.comparison)
    verdicts = {
        view: replace(
            v, points=tuple(replace(p, comparison=p.comparison or some) for p in v.points)
        )
        for view, v in facts.verdicts.items()
    }
    return replace(facts, verdicts=verdicts)


@pytest.mark.parametrize("threshold", [1, 2])
def test_the_threshold_is_named_where_there_is_one(facts, threshold):
    known = with_threshold(compared(facts["images"]), threshold)
    said = texts(loss_figure(known).svg())
    assert said.count(f"overfits from depth {threshold}") == len(known.verdicts)
    none = texts(loss_figure(with_threshold(known, None)).svg())
    assert not [text for text in none if "overfits" in text]


def test_every_finite_replicate_is_a_mark(facts):
    known = facts["images"]
    view = next(iter(known.losses))
    other = {split: values.copy() for split, values in known.losses[view].items()}
    other["test"][2, 1] = np.nan
    less = replace(known, losses={**known.losses, view: other})
    total = sum(losses.size for view in known.losses.values() for losses in view.values())
    assert len(marks(loss_figure(known).svg())) == total
    assert len(marks(loss_figure(less).svg())) == total - 1


def test_losses_that_spread_widely_get_a_logarithmic_axis(facts):
    known = facts["images"]
    wide = {
        view: {split: each * [1, 0.01, 1e-4] for split, each in losses.items()}
        for view, losses in known.losses.items()
    }
    figure = loss_figure(replace(known, losses=wide))
    assert "0.0001" in texts(figure.svg())
    assert "The vertical axis is logarithmic unless" in figure.caption
    assert "0.0001" not in texts(loss_figure(known).svg())


@pytest.mark.parametrize("name", ["one_replicate", "one_depth", "many_depths", "diverged"])
def test_odd_results_can_be_drawn(facts, name):
    figure = loss_figure(facts[name])
    assert figure.svg() == figure.svg()
    titles = set(figure.spec()["facet"]["sort"])
    assert titles <= set(texts(figure.svg())) or name == "diverged"


@pytest.mark.parametrize("points", [("a", "b", "c"), (0.1, 0.25, 1.5)])
def test_points_need_not_be_whole_numbers(facts, points):
    known = facts["series"]
    cannot = Answer(Outcome.CANNOT_TELL, None, None)
    verdicts = {
        view: replace(
            verdict,
            points=tuple(map(lambda e, p: replace(e, point=p), verdict.points, points)),
            **dict.fromkeys(("best", "recommended", "least_validation", "interpolation_threshold")),
            **dict.fromkeys(("on_this_data", "for_new_data"), cannot),
            double_descent={},
        )
        for view, verdict in known.verdicts.items()
    }
    settings = known.settings.model_copy(update={"points": points})
    svg = loss_figure(replace(known, settings=settings, verdicts=verdicts)).svg()
    assert {str(point) for point in points} <= set(texts(svg))
    assert len(marks(svg)) == sum(a.size for v in known.losses.values() for a in v.values())


def test_the_axis_is_that_of_the_losses(facts):
    known = facts["series"]
    high = {
        view: {split: 10 + each * 0.01 for split, each in losses.items()}
        for view, losses in known.losses.items()
    }
    said = texts(loss_figure(replace(known, losses=high)).svg())
    ticks = {float(text) for text in said if text.replace(".", "", 1).isdigit() and "." in text}
    lowest, highest = (
        pick(x.min() for v in high.values() for x in v.values()) for pick in (min, max)
    )
    assert len(ticks) >= 4
    assert min(ticks) >= lowest - (highest - lowest)
    assert max(ticks) <= highest + (highest - lowest)
