"""Runs nested in others: repetitions below their settings, runs of a search, folds of a run."""

from depthgauge.comparison.nested import Logged, without_nesting
from depthgauge.comparison.runs import Asked

LOSS = {"test_loss": 1.0}


def family(parent, children):
    """The runs of one parent, by id."""
    name, params, metrics = parent
    found = {name: Logged(params, metrics, None, "1")}
    for number, (own, measured) in enumerate(children):
        found[f"{name}{number}"] = Logged(own, measured, name, "1")
    return found


def seeds(metrics=LOSS, **params):
    return [({**params, "seed": str(seed)}, metrics) for seed in range(3)]


def test_without_nested_runs_all_stays():
    found = {"a": Logged({}, LOSS, None, "1"), "b": Logged({}, LOSS, "deleted", "1")}
    assert without_nesting(found, Asked()) == (found, ())


def test_repetitions_have_the_parameters_of_their_parent():
    found = family(("a", {"lr": "1"}, {}), seeds()) | family(("b", {"lr": "2"}, {}), seeds())
    kept, notes = without_nesting(found, Asked())
    assert [run.params["lr"] for run in kept.values()] == ["1"] * 3 + ["2"] * 3
    assert notes == ("2 runs that others are nested in: left out",)


def test_a_grandparent_gives_where_its_runs_are_repetitions_too():
    """Below "top" two of the same settings, say of two machines, and seeds below each."""
    found = {"top": Logged({"model": "mlp"}, {}, None, "1")}
    for name in ("a", "b"):
        below = family((name, {"lr": "1"}, {}), seeds())
        found |= below | {name: Logged({"lr": "1"}, {}, "top", "1")}
    kept, notes = without_nesting(found, Asked())
    assert len(kept) == 6
    assert {frozenset(run.params) for run in kept.values()} == {frozenset({"model", "lr", "seed"})}
    assert notes == ("3 runs that others are nested in: left out",)


def test_runs_above_a_search_s_runs_are_none_of_it():
    found = {"top": Logged({"model": "mlp"}, {}, None, "1")}
    for lr in ("1", "2"):
        below = family((f"lr{lr}", {"lr": lr}, {}), seeds())
        found |= below | {f"lr{lr}": Logged({"lr": lr}, {}, "top", "1")}
    kept, _ = without_nesting(found, Asked())
    assert {frozenset(run.params) for run in kept.values()} == {frozenset({"lr", "seed"})}


def test_the_mean_of_its_repetitions_is_no_run():
    found = family(("a", {"lr": "1"}, LOSS), seeds(lr="1"))
    assert [*without_nesting(found, Asked())[0]] == ["a0", "a1", "a2"]


def test_what_a_search_says_of_itself_is_no_setting_of_its_runs():
    runs = [*seeds(lr="1"), *seeds(lr="2")]
    kept, _ = without_nesting(family(("a", {"best_lr": "1"}, LOSS), runs), Asked())
    assert all("best_lr" not in run.params for run in kept.values())
    assert "a" not in kept


def test_parts_of_a_run_that_has_the_metric_are_left_out():
    found = family(("a", {"lr": "1"}, LOSS), seeds({"fold_loss": 1.0}))
    kept, notes = without_nesting(found, Asked(metric="test_loss"))
    assert [*kept] == ["a"]
    assert notes == ("3 runs nested in others, without test_loss: left out",)


def test_parents_that_go_round_in_a_circle_end():
    found = {"a": Logged({}, LOSS, "b", "1"), "b": Logged({}, LOSS, "a", "1")}
    without_nesting(found, Asked())
