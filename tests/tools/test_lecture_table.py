"""The committed table is what the committed results say."""

import csv

import pytest
from tools.lecture_table import EXPERIMENTS, LECTURE, lecture_table


def test_the_committed_table_is_that_of_the_committed_results():
    assert (EXPERIMENTS / "lecture.md").read_text(encoding="utf-8") == lecture_table(EXPERIMENTS)


def test_directions_are_those_of_the_rows_themselves():
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lecture_table(EXPERIMENTS).splitlines()
        if line.startswith("| ") and "lecture:" not in line
    ]
    assert [row[0] for row in rows] == [words for words, *_ in LECTURE.values()]
    names = [name for name, _ in LECTURE]
    told = 0
    for place, row in enumerate(rows):
        above = rows[place - 1]
        if place == 0 or names[place - 1] != names[place] or above[2] == row[2]:
            assert row[6] == ""
            continue
        same = (float(row[2]) > float(above[2])) == (float(row[4]) > float(above[4]))
        assert row[6] == ("yes" if same else "no")
        told += 1
    assert f"Of the {told} steps" in lecture_table(EXPERIMENTS)


@pytest.mark.parametrize("name", sorted({name for name, _ in LECTURE}))
def test_every_point_of_the_experiments_has_its_row(name):
    with (EXPERIMENTS / name / "results/points.csv").open(newline="") as stream:
        points = {int(row["point"]) for row in csv.DictReader(stream)}
    assert points == {point for other, point in LECTURE if other == name}
