"""From runs to what is said of them."""

import json
import re
import sys

import numpy as np
import pandas as pd
import pytest

from depthgauge.comparison.console import as_json, pair_rows, show
from depthgauge.comparison.group import group_runs
from depthgauge.comparison.result import DIVERGED_SHARE, Standing, find
from depthgauge.comparison.runs import Asked, table_of_frame
from depthgauge.comparison.text import (
    answer_lines,
    latex_table,
    left_out_lines,
    number,
    paper_text,
    tex,
)
from depthgauge.comparison.threshold import thresholds
from depthgauge.errors import InputError
from depthgauge.statistics.estimates import Estimate, Interval
from tests.comparison.runs import planted

HOSTILE = r"a_b & 50% {$x^2$} ~\#<b>"


def compared(frame, **asked):
    given = Asked(**asked)
    table = table_of_frame("runs", pd.DataFrame(frame), given)
    return find(table, group_runs(table, given), given)


def test_a_planted_difference_is_found_and_none_elsewhere():
    found = compared(planted([1.2, 1.0, 1.0, 1.4], sd=0.02), order="config.depth")
    standings = {row.name: row.standing for row in found.rows}
    assert standings["depth=0"] == standings["depth=3"] == Standing.WORSE
    assert {standings["depth=1"], standings["depth=2"]} == {Standing.BEST, Standing.NOT_APART}
    assert found.rows[found.simplest].name == "depth=1"
    for row in found.ranked[1:]:
        assert row.interval.low <= row.behind <= row.interval.high
    assert sum(pair["told_apart"] for pair in pair_rows(found)) == found.apart == 5


def test_more_is_better_is_less_of_the_opposite_is():
    frame = planted([1.2, 1.0, 1.0], sd=0.02)
    less = compared(frame, order="config.depth")
    more = compared(frame.assign(test_loss=-frame.test_loss), order="config.depth", higher=True)
    assert [row.name for row in more.ranked] == [row.name for row in less.ranked]
    assert more.simplest == less.simplest
    assert [row.behind for row in more.rows] == pytest.approx([row.behind for row in less.rows])
    assert [row.p for row in more.rows] == pytest.approx([row.p for row in less.rows])


@pytest.mark.parametrize("seed", [True, False])
def test_a_single_run_each_is_refused(seed):
    frame = planted([1.0, 1.1, 1.2], seeds=1)
    frame = frame if seed else frame.drop(columns="config.seed")
    with pytest.raises(InputError, match="one run each: cannot tell"):
        compared(frame)


def test_a_configuration_of_one_run_is_not_compared():
    frame = planted([1.0, 1.1, 0.2])
    found = compared(frame[(frame["config.depth"] < 2) | (frame["config.seed"] == 0)])
    assert found.rows[2].standing is Standing.ONE_RUN
    assert found.rows[found.best].name == "depth=0"
    assert "depth=2: one run: cannot tell, left out." in left_out_lines(found)


def test_one_configuration_is_nothing_to_compare():
    with pytest.raises(InputError, match="nothing to compare"):
        compared(planted([1.0]))


def test_runs_that_diverged_are_counted_and_too_many_take_a_configuration_out():
    frame = planted([1.0, 1.1, 0.5], seeds=12)
    lost = (frame["config.depth"] == 2) & (frame["config.seed"] < 12 * DIVERGED_SHARE + 1)
    frame.loc[lost, "test_loss"] = np.inf
    frame.loc[0, ["test_loss", "train_loss"]] = np.nan
    found = compared(frame)
    assert found.rows[2].standing is Standing.DIVERGED
    said = left_out_lines(found)
    assert "depth=2: diverged too often (3 of 12 runs), left out." in said
    assert "Diverged and left out: 1 run: depth=0 (1 of 12)." in said


def test_what_does_not_vary_cannot_be_told():
    frame = [{"lr": lr, "seed": s, "loss": lr} for lr in (0.1, 0.2) for s in range(3)]
    found = compared(frame, order="lr")
    assert found.rows[1].standing is Standing.SAME
    assert "does not vary with the seed" in answer_lines(found)[0]


def test_the_answer_says_all_that_is_asked():
    text = " ".join(answer_lines(compared(planted([1.0, 1.001, 1.5], sd=0.02))))
    for said in (
        "test_loss (less is better)",
        "depth=2 is told apart from it, depth=1 is not",
        "cannot be known: --order",
        "smallest difference from the best",
        "chance of 80 %",
        "seeds of each would tell it apart",
        "Paired by config.seed",
        "all 3 pairs at once (95 %)",
    ):
        assert said in text
    assert "  " not in text


def test_a_size_says_which_is_the_simplest():
    frame = planted([1.0, 1.001, 1.5], sd=0.02)
    frame["n_params"] = 10 * (5 - frame["config.depth"])
    found = compared(frame)
    assert found.order == "number of parameters"
    assert found.rows[found.simplest].name == "depth=1"


@pytest.mark.parametrize("order", ["config.lr", "config.seed"])
def test_an_order_that_orders_nothing_is_refused(order):
    with pytest.raises(InputError, match=f"--order {order}: is no setting that differs"):
        compared(planted([1.0, 1.1]), order=order)


def test_an_order_of_words_is_refused():
    frame = [{"net": n, "seed": s, "loss": s} for n in ("a", "b") for s in range(3)]
    with pytest.raises(InputError, match="--order net: 'a' is no number"):
        compared(frame, order="net")


def test_every_name_is_safe_in_latex():
    frame = [
        {"net": net, "seed": s, "test_loss": s / 9 + k}
        for k, net in enumerate((HOSTILE, "plain"))
        for s in range(4)
    ]
    found = compared(frame)
    text = paper_text(found)
    bare = re.sub(r"\\[&%$#_{}]|\\text\w+\{\}|\$p\$|\$t\$|\$<0.001\$|\$-\$", "", text)
    bare = re.sub(r"\\(begin|end)\{tabular\}(\{\w+\})?|\\hline|\\,|\\\\| & ", "", bare)
    assert not set("&%$#_^~\\{}<>") & set(bare)
    assert tex("a_b") == r"a\_b"
    assert latex_table(found).count(r" \\") == 3


def test_numbers_have_the_digits_that_their_interval_lets_them_have():
    around = compared(planted([1.0, 1.1])).ranked[0]
    row = around.__class__(
        0, "", Standing.WORSE, 1, 1, 0, 0, Estimate(None, None), 1.0, Interval(1.0, 3.0)
    )
    assert number(12.3456, row) == "12.3"
    assert number(-0.01, row) == "0.0"


def test_json_is_whole_and_the_numbers_are_those_of_the_table():
    found = compared(planted([1.0, 1.001, 1.5]))
    told = json.loads(as_json(found, []))
    assert told["best"] == found.ranked[0].name
    assert [c["worse_by"] for c in told["configurations"]] == [r.behind for r in found.ranked]
    assert len(told["pairs"]) == told["comparisons"] == 3


def test_many_configurations_are_cut_on_the_terminal(capsys):
    show(compared(planted([1 + k / 100 for k in range(60)], seeds=3)), [], sys.stdout)
    assert "and 20 more" in capsys.readouterr().out


def along(frame, order="config.depth", **asked):
    return thresholds(compared(frame, order=order, **asked), order, 0.05)


def test_the_threshold_along_an_order():
    (said,) = along(planted([1.2, 1.0, 1.3, 1.5], sd=0.02))
    assert said.threshold == 2
    assert said.sentence.startswith("Overfitting begins at depth 2")


def test_without_train_loss_the_cause_of_a_rise_is_left_open():
    frame = planted([1.2, 1.0, 1.3], sd=0.02).drop(columns="train_loss")
    (said,) = along(frame)
    assert said.threshold is None
    assert "gets worse first at depth 2" in said.sentence
    assert "train loss would tell" in said.sentence


def test_a_threshold_for_each_value_of_the_other_settings():
    both = [planted(levels, sd=0.02).assign(net=net, run_id=None) for net, levels in NETS.items()]
    said = {each.others: each.threshold for each in along(pd.concat(both))}
    assert said == {"net=a": 1, "net=b": 2}


NETS = {"a": [1.0, 1.3, 1.5], "b": [1.2, 1.0, 1.4]}


def test_accuracy_has_a_threshold_by_what_lacks_to_one():
    frame = planted([0.4, 0.2, 0.5], sd=0.01)
    frame = frame.assign(test_acc=1 - frame.test_loss, train_acc=1 - frame.train_loss / 10)
    (said,) = along(frame, metric="test_acc")
    assert said.threshold == 2
    assert "1 − test_acc" in said.sentence


def test_what_is_no_loss_has_no_threshold():
    frame = planted([0.4, 0.2, 0.5])
    (said,) = along(frame.assign(score=100 * frame.test_loss), metric="score")
    assert said.threshold is None
    assert "no loss" in said.sentence


def test_a_terminal_is_not_told_what_to_do_by_a_name(capsys):
    frame = planted([1.0, 1.5], seeds=3)
    frame["config.depth"] = frame["config.depth"].map("\x1b[2J{}\x07".format) + "x" * 99
    show(compared(frame), [], sys.stdout)
    out = capsys.readouterr().out
    assert all(c.isprintable() or c == "\n" for c in out)
    assert "\\x1b[2J0" in out


def test_runs_that_others_have_not_decide_nothing_against_the_pairs():
    """By all its runs depth 0 looks worse, seed by seed it is better: the pairs decide."""
    frame = planted([1.0, 1.1], seeds=6, sd=0.01)
    lost = (frame["config.depth"] == 1) & (frame["config.seed"] >= 4)
    frame.loc[(frame["config.depth"] == 0) & (frame["config.seed"] >= 4), "test_loss"] = 2.0
    found = compared(frame[~lost], order="config.depth")
    assert found.rows[found.best].name == "depth=0"
    assert [row.standing for row in found.ranked] == [Standing.BEST, Standing.WORSE]
    assert found.ranked[1].behind > 0
    assert "on the seeds that they share" in answer_lines(found)[0]


def test_the_simplest_of_the_very_same_values():
    frame = planted([1.0, 1.0, 1.2], seeds=5, sd=0.01)
    losses = frame[frame["config.depth"] == 0].test_loss.to_numpy()
    frame.loc[frame["config.depth"] == 1, "test_loss"] = losses
    found = compared(frame.assign(width=-frame["config.depth"]), order="width")
    assert found.rows[found.simplest].name == "depth=1 width=-1"
    said = answer_lines(found)
    assert "its values are the same" in said[1]
    assert "is told apart from it" not in said[1]


def test_where_one_has_more_runs_no_more_are_counted():
    frame = planted([1.0, 1.01], seeds=20, sd=0.05, random=1)
    frame = frame[(frame["config.depth"] == 0) | (frame["config.seed"] < 5)]
    found = compared(frame.drop(columns="config.seed"))
    assert re.search(r"\d+ runs of each would tell it apart\.", " ".join(answer_lines(found)))
