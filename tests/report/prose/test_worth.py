"""What is said of the network to use against the baselines: every case, from made-up numbers."""

import numpy as np
import pytest

from depthgauge.report.prose.worth import worth
from depthgauge.statistics.compare_baselines import compare_baseline
from depthgauge.statistics.verdicts import Choice
from depthgauge.training.baselines import TREES

COUNT = 20
LUCK = np.random.default_rng(1).normal(scale=0.02, size=(9, COUNT))
NAIVE = ("constant", "persistence")


def choice(point=2):
    return Choice("fixed", "last", point, "fixed", "last", point, None, None)


def baseline(name, level, own=1.0, quantity="loss", resampled=True, **more):
    """One whose mean is the level, beside a network of mean 1, both with luck of their own."""
    theirs = level + LUCK[len(name) % 4][: COUNT if resampled else 1]
    values = dict.fromkeys(("train", "validation", "test"), theirs)
    mine = None if own is None else own + LUCK[5]
    return compare_baseline(name, quantity, values, mine, np.arange(COUNT), resampled, **more)


def said(*baselines, point=2, metrics=(), axis="depth", chosen=True):
    return worth(baselines, choice(point) if chosen else None, metrics, axis)


def test_trees_that_are_ahead_say_that_no_depth_is_worth_it():
    (line,) = said(baseline(TREES, 0.8))
    assert line.startswith(
        "On this data no depth that was tried is worth it by test loss: gradient-boosted trees "
        "with scikit-learn's defaults, fitted on the same splits, have a mean test loss of 0."
    )
    assert "over 20 splits), and that of the network to use is 2" in line
    assert " % higher (95 % interval " in line


def test_trees_that_are_behind_are_told_as_that():
    (line,) = said(baseline(TREES, 2.0))
    assert line.startswith("Gradient-boosted trees with scikit-learn's defaults")
    assert "; that of the network to use is 50 % lower (95 % interval 49 to 50 %)." in line
    assert "no depth" not in line


def test_trees_that_are_as_good_are_the_simpler():
    (line,) = said(baseline(TREES, 1.0))
    assert "is not told apart from it: no depth that was tried is shown to be worth it" in line
    assert line.endswith("and the simpler of the two will do.")


def test_a_fixed_split_is_one():
    line, alone = said(baseline(TREES, 2.0, resampled=False))
    assert alone.startswith("There is one split for all, so that this interval is over the network")
    assert "fitted on the same split, have a mean test loss of 1.98; " in line
    assert "over 1" not in line


@pytest.mark.parametrize("level", [0.5, 1.0, 2.0])
def test_what_learns_next_to_nothing(level):
    naive = [baseline(name, level) for name in NAIVE]
    lines = said(baseline(TREES, 2.0), *naive)
    if level == 2:
        assert len(lines) == 1
    elif level == 0.5:
        assert lines[1] == (
            "The best constant and persistence have a lower test loss than the network to use, "
            "and learn next to nothing: on this data no depth that was tried is worth it."
        )
    else:
        assert lines[1] == (
            "The network to use is not told apart from the best constant and persistence: no depth "
            "that was tried is shown to have learnt what helps on test data."
        )


def test_one_thing_is_said_once():
    both = said(baseline(TREES, 0.8), baseline("constant", 0.9), point=0)
    assert " ".join(both).count("is worth it") == 1
    assert both[1] == (
        "The best constant has a lower test loss than the network to use too, and learns next to "
        "nothing."
    )


@pytest.mark.parametrize(
    ("point", "axis", "told"), [(0, "depth", 1), (1, "depth", 0), (0, "width", 0)]
)
def test_a_network_of_depth_0_is_told(point, axis, told):
    lines = said(baseline(TREES, 2.0), point=point, axis=axis)
    assert sum(line.startswith("The network to use has depth 0: ") for line in lines) == told


def test_other_axes_speak_of_networks_and_of_all_the_data():
    (line,) = said(baseline(TREES, 0.8), axis="training_size", point=100)
    assert "no network that was tried is worth it" in line
    assert "fitted on the same splits to all that there is, whatever the training-set size" in line
    assert "whatever" not in said(baseline(TREES, 0.8), axis="width")[0]


@pytest.mark.parametrize(
    ("level", "more"),
    [
        (0.7, "By accuracy the network to use is ahead: the network to use has 0.8"),
        (0.8, "By accuracy the two are not told apart: the network to use has 0.8"),
        (0.9, ""),
    ],
)
def test_the_first_metric_speaks_where_it_says_another_thing(level, more):
    accuracy = baseline(TREES, level, 0.8, "accuracy", higher=True)
    lines = said(baseline(TREES, 0.8), accuracy, metrics=["accuracy", "macro_f1"])
    assert len(lines) == 1 + bool(more)
    assert more in lines[-1]


def test_metrics_in_which_the_trees_are_ahead():
    accuracy = baseline(TREES, 0.9, 0.8, "accuracy", higher=True)
    lines = said(baseline(TREES, 2.0), accuracy, metrics=["accuracy"])
    assert lines[1].startswith("By accuracy the trees are ahead: the network to use has 0.8")


def test_the_truth_is_no_rival():
    lines = said(baseline(TREES, 2.0), baseline("reference", 0.1))
    assert len(lines) == 1


def test_too_few_replicates_or_no_network():
    values = {split: np.ones(1) for split in ("train", "validation", "test")}
    one = compare_baseline(TREES, "loss", values, np.ones(1) * 2, np.arange(1), False)
    (line,) = said(one)
    assert line.endswith(" whether that of the network to use is lower cannot be told from 1 pair.")
    (line,) = said(baseline(TREES, 2.0, own=None), chosen=False)
    assert line.endswith("over 20 splits).")
    assert said() == ()
