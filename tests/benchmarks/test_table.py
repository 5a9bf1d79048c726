"""benchmarks/table.py, and the quick sizes of the benchmarks that have no test of their own."""

import re

import pytest

import compare_simulation
import other_kernels
import table
import threshold_simulation
from tests.experiment import new_experiment


@pytest.mark.parametrize(
    ("flags", "name"), [([], None), (["--write"], "mine"), (["--write", "other"], "other")]
)
def test_lines_are_printed_and_kept_if_asked(tmp_path, monkeypatch, capsys, flags, name):
    monkeypatch.setattr(table, "RESULTS", tmp_path)
    options = table.command_line("What it measures.\n\nMore.", "mine").parse_args(flags)
    table.show(["# Title", "", "| a |"], options.write)
    assert capsys.readouterr().out == "# Title\n\n| a |\n"
    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert kept == ({} if name is None else {f"{name}.md": "# Title\n\n| a |\n"})


def test_simulation_has_a_row_for_each_source_of_luck_and_truth(capsys):
    threshold_simulation.main(["--quick"])
    out = capsys.readouterr().out
    rows = re.findall(r"^\| .* \| \d+ \| (equal|at the margin) \|", out, re.M)
    assert len(rows) == 2 * len(threshold_simulation.ALARMS)
    # Of power, and of two numbers of replicates for each share of the gap.
    assert len(re.findall(r"^\| \d+% \|", out, re.M)) == 4 + 2 * 4


def test_the_simulation_of_comparisons_has_a_row_for_each_kind_of_runs(capsys):
    compare_simulation.main(["--quick"])
    out = capsys.readouterr().out
    rows = re.findall(r"^\| .* \| \d+ \| \d+( or \d+)? \| [\d.]+% \|", out, re.M)
    assert len(rows) == len(compare_simulation.NULLS) + len(compare_simulation.LIMITS)


@pytest.mark.slow
def test_other_kernels_barely_move_the_first_epoch(tmp_path, capsys):
    experiment = new_experiment(tmp_path / "small", "images")
    other_kernels.main([str(experiment.folder), "--points", "0", "2", "--quick"])
    rows = re.findall(r"^\| (\d) \| (\d) \| (\S+) \| (\S+) \|$", capsys.readouterr().out, re.M)
    assert [row[:2] for row in rows] == [("0", "1"), ("0", "2"), ("2", "1"), ("2", "2")]
    assert all(float(mean) <= float(worst) < 1e-3 for *_, mean, worst in rows)
