"""train: train all replicates of one point.

With a plan of looks, those of the first look. An interrupted training goes on with the
groups of replicates that were not finished. Curves, weights and test losses go to
results/train/RECIPE-POINT.

examples:
  depthgauge train --depth 3 --recipe fixed
"""

from pathlib import Path

from depthgauge.axes.axis import Point
from depthgauge.settings.schema import Settings
from depthgauge.workflow.train_point import train_point


def train(folder: Path, settings: Settings, name: str, point: Point) -> None:
    """Train the first look's replicates of the recipe `name` at a point."""
    train_point(folder, settings, name, point, range(settings.looks[0]))
