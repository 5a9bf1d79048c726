"""The committed page of published findings is what the committed results say."""

import csv

import pytest
from tools.published_table import FINDINGS, ROOT, published_table, read_results


def test_the_committed_page_is_that_of_the_committed_results():
    committed = (ROOT / "experiments/published.md").read_text(encoding="utf-8")
    assert committed == published_table(ROOT)


def test_a_finding_is_found_where_the_program_has_resolved_it():
    lines = [line for line in published_table(ROOT).splitlines() if line.startswith("| ")][1:]
    assert len(lines) == len(FINDINGS)
    for finding, line in zip(FINDINGS, lines, strict=True):
        results = read_results(ROOT / finding.experiment)
        descent = results.threshold["second_descent"].get("error_rate")
        if "descent" in finding.figure:
            assert ("found again" in line) == (descent is not None and descent["resolved"])
        if "U-shaped" in finding.claim and "by heart" in finding.claim:
            found = results.threshold["by_metric"]["accuracy"]
            resolved = found["best"] != 1 and found["rise"] is not None
            assert ("found again" in line) <= resolved
        elif "U-shaped" in finding.claim:
            rises = results.threshold["overfitting_threshold"] is not None
            assert ("found again" in line) == (rises and results.threshold["best"] != 0)


@pytest.mark.parametrize("finding", [f for f in FINDINGS if "MNIST-1D: accuracy" in f.claim])
def test_accuracies_are_those_of_the_metrics(finding):
    results = read_results(ROOT / finding.experiment)
    with (ROOT / finding.experiment / "results/points.csv").open(newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if r["stopping"] == "last"]
    for row in rows:
        told = float(results.accuracy(row["point"]).split(" ")[0])
        assert abs(told - 100 * (1 - float(row["test_error"]))) <= 0.5
