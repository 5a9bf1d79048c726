"""benchmarks/logging_cost.py: its copy of the working tree, and a quick run."""

import re
import subprocess

import pytest
from ruamel.yaml import YAML

import logging_cost


def test_copy_is_a_clean_repository_without_results(tmp_path):
    logging_cost.copy_tree(tmp_path)
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    assert status == ""
    assert (tmp_path / "dvc.yaml").is_file()
    assert (tmp_path / "experiments/pageviews/dvc.yaml").is_file()
    assert not list(tmp_path.rglob("dvc.lock"))
    results = [path for path in tmp_path.rglob("*") if path.is_file() and "results" in path.parts]
    assert results == []
    assert not list(tmp_path.rglob(".depthgauge"))


def test_changes_the_named_keys_alone(tmp_path):
    params = tmp_path / "params.yaml"
    params.write_text("a: 1  # kept\nb: {c: 2, d: 3}\n")
    logging_cost.change(params, {"a": 5, "b": {"d": 6}})
    assert YAML(typ="safe").load(params) == {"a": 5, "b": {"c": 2, "d": 6}}
    assert "# kept" in params.read_text()


@pytest.mark.slow
def test_prints_the_share_of_logging(capsys):
    logging_cost.main(["--quick", "--turns", "1"])
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("| median"))
    without, with_ = (float(s) for s in re.findall(r"([\d.]+) s", row))
    assert without > 0
    assert with_ > 0
