"""The committed table of the families on the digits is what the committed results say."""

import csv

from tools.families_table import COLUMNS, ROOT, families_table


def test_the_committed_table_is_that_of_the_committed_results():
    committed = (ROOT / "experiments/families.md").read_text(encoding="utf-8")
    assert committed == families_table(ROOT)


def test_the_best_depth_has_the_least_loss():
    rows = [
        dict(zip(COLUMNS, (cell.strip() for cell in line.strip("|").split("|")), strict=True))
        for line in families_table(ROOT).splitlines()
        if line.startswith("| `")
    ]
    assert {"`digits`", "`digits-cnn`", "`digits-resnet`"} <= {row["experiment"] for row in rows}
    for row in rows:
        name = row["experiment"].strip("`")
        folder = ROOT if name == "digits" else ROOT / "experiments" / name
        with (folder / "results/points.csv").open(newline="") as stream:
            points = [r for r in csv.DictReader(stream) if r["recipe"] == "fixed"]
        last = [point for point in points if point["stopping"] == "last"]
        least = min(last, key=lambda point: float(point["test_loss"]))
        assert row["best depth"] == least["point"]
        assert row["test loss there"].startswith(f"{float(least['test_loss']):.3f} ")
