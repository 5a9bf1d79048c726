"""The committed tables are what the committed results say."""

import csv

import pytest
from tools.lecture_table import EXPERIMENTS, LECTURE, SERIES, find_steps, findings, lecture_table


def test_the_committed_table_is_that_of_the_committed_results():
    assert (EXPERIMENTS / "lecture.md").read_text(encoding="utf-8") == lecture_table(EXPERIMENTS)


def test_directions_are_those_of_the_rows_themselves():
    page = lecture_table(EXPERIMENTS)
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("| ") and "lecture:" not in line
    ]
    assert [row[0] for row in rows] == [words for words, *_ in LECTURE.values()] * len(SERIES)
    names = [name for name, _ in LECTURE] * len(SERIES)
    told = 0
    for place, row in enumerate(rows):
        above = rows[place - 1]
        if place == 0 or names[place - 1] != names[place] or above[2] == row[2]:
            assert row[6] == ""
            continue
        same = (float(row[2]) > float(above[2])) == (float(row[4]) > float(above[4]))
        assert row[6] == ("yes" if same else "no")
        told += 1
    assert page.count(f"Of the {told // len(SERIES)} steps") == len(SERIES)


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("swept", sorted({name for name, _ in LECTURE}))
def test_every_point_of_the_experiments_has_its_row(series, swept):
    with (EXPERIMENTS / f"{series}-{swept}" / "results/points.csv").open(newline="") as stream:
        points = {int(row["point"]) for row in csv.DictReader(stream)}
    assert points == {point for other, point in LECTURE if other == swept}


@pytest.mark.parametrize("series", SERIES)
def test_findings_are_those_of_the_rows(series):
    steps = list(find_steps(EXPERIMENTS, series))
    said = list(findings(steps))
    here = {(step.swept, step.point): step.here for step in steps}
    layers = {point: loss for (swept, point), loss in here.items() if swept == "depth"}
    linear = [loss for (swept, _), loss in here.items() if swept == "window"]
    layer = [loss for (swept, _), loss in here.items() if swept == "width"]
    truths = [
        min(linear) < here["window", 1],
        min(layer) < min(linear),
        min(layers, key=layers.get) == 3,
    ]
    for sentence, truth in zip(said[:3], truths, strict=True):
        assert ("found again" if truth else "not found") in sentence
    assert len(said) == 4
