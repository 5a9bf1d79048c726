"""The committed table is what the committed results say."""

import csv

import pytest
from tools.lecture_table import EXPERIMENTS, LECTURE, lecture_table


def test_the_committed_table_is_that_of_the_committed_results():
    assert (EXPERIMENTS / "lecture.md").read_text(encoding="utf-8") == lecture_table(EXPERIMENTS)


@pytest.mark.parametrize("name", sorted({name for name, _ in LECTURE}))
def test_every_point_of_the_experiments_has_its_row(name):
    with (EXPERIMENTS / name / "results/points.csv").open(newline="") as stream:
        points = {int(row["point"]) for row in csv.DictReader(stream)}
    assert points == {point for other, point in LECTURE if other == name}
