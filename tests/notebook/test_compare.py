"""depthgauge.compare: what a notebook is given."""

import doctest
import html

import numpy as np
import pandas as pd
import pytest

import depthgauge.notebook.compare as module
from depthgauge.cli import main
from depthgauge.notebook.compare import compare
from tests.comparison.runs import planted

FRAME = planted([1.2, 1.0, 1.4], sd=0.02)


def test_the_example_runs():
    assert doctest.testmod(module).attempted == 3
    assert doctest.testmod(module).failed == 0


def test_it_says_what_the_command_says(tmp_path, capsys):
    FRAME.to_csv(tmp_path / "runs.csv", index=False)
    main(["compare", str(tmp_path / "runs.csv"), "--order", "config.depth"])
    said = capsys.readouterr().out
    for found in (
        compare(FRAME, order="config.depth"),
        compare(tmp_path / "runs.csv", order="config.depth"),
    ):
        assert all(line in said for line in found.lines)
        assert repr(found).startswith(found.answer)


def test_frames_have_a_row_for_each_configuration_and_pair():
    found = compare(FRAME, order="config.depth")
    assert found.frame.depth.tolist() == ["1", "0", "2"]
    assert found.frame.verdict.tolist() == ["best", "worse", "worse"]
    means = FRAME.groupby("config.depth").test_loss.mean()
    np.testing.assert_allclose(found.frame["mean"], means[[1, 0, 2]])
    assert len(found.pairs) == 3
    assert found.simplest == found.best == "depth=1"
    assert found.thresholds.threshold.tolist() == [2]


def test_names_are_text_in_html():
    frame = FRAME.assign(**{"config.depth": FRAME["config.depth"].map("<b>{}</b>".format)})
    shown = compare(frame)._repr_html_()
    assert "<b>1</b>" not in shown
    assert html.escape("<b>1</b>") in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"metric": "x"}, "the frame: has no column 'x'"),
        ({"alpha": 2}, "alpha=2"),
        ({"seed": "config.depth", "by": ["config.seed"], "metric": "run_id"}, "is no number"),
    ],
)
def test_what_is_wrong_is_a_value_error(given, said):
    with pytest.raises(ValueError, match=said):
        compare(FRAME, **given)


def test_it_asks_in_the_words_of_keywords():
    with pytest.raises(ValueError, match="metric=") as raised:
        compare(FRAME.assign(test_acc=0.1))
    assert "--" not in str(raised.value)


def test_columns_that_are_there_twice_are_one_line():
    frame = pd.DataFrame([[1, 0, 0.5, 0.5]], columns=["depth", "seed", "loss", "loss"])
    with pytest.raises(ValueError, match="column 'loss' is there twice"):
        compare(frame)


def test_settings_and_seeds_may_be_the_index():
    frame = pd.DataFrame(
        {"depth": depth, "seed": seed, "loss": depth + seed / 10 + seed * depth / 100}
        for depth in (1, 2)
        for seed in range(4)
    )
    indexed = compare(frame.set_index(["depth", "seed"]))
    assert indexed.lines == compare(frame).lines
