"""The command as a person runs it, in a folder that is no experiment."""

import json

import pytest

from depthgauge.cli import main
from tests.comparison.runs import planted
from tests.experiment import snapshot


@pytest.fixture
def folder(tmp_path, monkeypatch):
    planted([1.2, 1.0, 1.4], sd=0.02).to_csv(tmp_path / "my runs.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_answer_the_table_and_the_threshold(folder, capsys):
    before = snapshot(folder)
    assert main(["compare", "my runs.csv", "--order", "config.depth"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("By test_loss (less is better) depth=1 is the best of 3 configurations")
    assert "Overfitting begins at depth 2" in out
    assert "verdict" in out
    assert snapshot(folder) == before


def test_json_and_text_say_the_same(folder, capsys):
    assert main(["compare", "my runs.csv", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["best"] == "depth=1"
    assert main(["-C", str(folder), "compare", "my runs.csv", "--text"]) == 0
    text = capsys.readouterr().out
    assert r"\begin{tabular}" in text
    assert "The best mean has depth=1" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a file, an MLflow experiment, or --query FILTER"),
        (["absent.csv"], "absent.csv: cannot be read"),
        (["an experiment"], "holds no MLflow store"),
        (["my runs.csv", "--metric", "acc"], "has no column 'acc'"),
        (["my runs.csv", "--alpha", "0"], "--alpha 0.0: must lie between 0 and 1"),
        (["my runs.csv", "--write"], "--write: is for runs in MLflow"),
        (["my runs.csv", "--query", "x"], "--query: is for runs in MLflow"),
        (["my runs.csv", "--by", "config.seed", "--by", "config.depth"], "one run each"),
    ],
)
def test_what_cannot_be_compared_is_one_line(folder, capsys, arguments, said, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    before = snapshot(folder)
    assert main(["compare", *arguments]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert snapshot(folder) == before
