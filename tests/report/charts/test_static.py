"""The figure shows what it is given, and comes out the same."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from depthgauge.report.charts.static import Panel, loss_by_point

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def panel() -> Panel:
    rng = np.random.default_rng(0)
    losses = {split: rng.uniform(0.5, 1, (5, 3)) for split in ("train", "test")}
    return Panel("a view", [0, 1, 2], losses, best=1, threshold=2)


def draw(*panels: Panel) -> bytes:
    return loss_by_point(panels, "depth", "cross-entropy", "digits")


def comments(svg: bytes) -> str:
    """Matplotlib writes each text as paths, with the text itself in a comment."""
    return svg.decode()


def marks(svg: bytes) -> int:
    return len(ET.fromstring(svg).findall(f".//{SVG}use"))


def test_the_same_arguments_give_the_same_bytes(panel):
    assert draw(panel) == draw(panel)
    assert b"<dc:date>" not in draw(panel)


def test_the_threshold_is_named_where_there_is_one(panel):
    assert "overfits from depth 2" in comments(draw(panel))
    assert "overfits" not in comments(draw(replace(panel, threshold=None)))


def test_every_finite_replicate_is_a_mark(panel):
    losses = {split: values.copy() for split, values in panel.losses.items()}
    losses["test"][3, 1] = np.nan
    assert marks(draw(panel)) - marks(draw(replace(panel, losses=losses))) == 1


def test_losses_that_spread_widely_get_a_logarithmic_axis(panel):
    wide = replace(panel, losses={k: v * [1, 0.01, 1e-4] for k, v in panel.losses.items()})
    assert "<!-- 0.0001 -->" in comments(draw(wide))
    assert "<!-- 0.0001 -->" not in comments(draw(panel))


@pytest.mark.parametrize("replicates", [1, 2])
@pytest.mark.parametrize("diverged", [False, True])
def test_odd_results_can_be_drawn(replicates, diverged):
    values = np.full((replicates, 2), np.nan if diverged else 0.5)
    panel = Panel("odd", [0, 7], {"train": values, "test": values}, best=None, threshold=None)
    assert marks(draw(panel, panel)) > 0
