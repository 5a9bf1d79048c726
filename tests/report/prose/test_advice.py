"""Statements and advice follow from the verdicts."""

from dataclasses import replace

import pytest

from depthgauge.artifacts.looks import Looks
from depthgauge.axes.axis import axis_names
from depthgauge.report.prose.advice import advice, to_use, trust, view_statements
from depthgauge.statistics.looks import Ending
from depthgauge.statistics.verdicts import Choice, Verdict
from tests.rules import RULES, rules_with
from tests.verdicts import judge_simulated

OVERFITS = judge_simulated((1.2, 1.0, 1.5, 2.0), (0.9, 0.5, 0.2, 0.1))
MIXED = judge_simulated((1.0, 1.5, 2.0, 1.0), (0.5, 0.2, 1.4, 0.5))
SHORT = judge_simulated((1.5, 1.0), (0.9, 0.5))
UNSURE = judge_simulated((1.0, 1.01), (0.5, 0.5))
ONE_LOOK = Looks([12], [12], Ending.LAST)
ONE = judge_simulated((1.0, 1.5), (0.9, 0.5), replicates=1)


def test_all_beyond_overfit_or_each_is_named():
    said = " ".join(view_statements(OVERFITS, "depth"))
    assert "every one beyond it overfits too: depth 3" in said
    mixed = " ".join(view_statements(MIXED, "depth"))
    assert "overfits too" not in mixed
    assert "depth 2: optimization problem" in mixed


def test_recommended_and_memorised_are_told():
    said = view_statements(OVERFITS, "depth")
    assert "Validation loss chooses depth 1, the best on test data too." in said
    assert "The training set is memorised first at depth 3 (the interpolation threshold)." in said
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in said)


def test_few_that_trained_badly_are_told():
    place = next(p for p in MIXED.points if p.on_this_data is Verdict.OPTIMIZATION_PROBLEM)
    most = replace(place, memorised=11, train_median=0.001)
    points = tuple(most if point is place else point for point in MIXED.points)
    said = " ".join(view_statements(replace(MIXED, points=points), "depth"))
    assert 'the rise at depth 2 is called "optimization problem", and yet 11 of 12' in said
    assert "where the median is 0.001." in said
    assert "and yet" not in " ".join(view_statements(MIXED, "depth"))


def test_a_grid_without_the_linear_model_says_so():
    assert "was not tried" not in " ".join(view_statements(OVERFITS, "depth"))
    later = judge_simulated((1.2, 1.0, 1.5), (0.9, 0.5, 0.2), points=(1, 2, 3))
    said = " ".join(view_statements(later, "depth"))
    assert "Depth 0 was not tried: where it is better than depth 2" in said
    first = judge_simulated((1.0, 1.2, 1.5), (0.9, 0.5, 0.2), points=(1, 2, 3))
    assert "what lies before depth 1 may be better still" in " ".join(
        view_statements(first, "depth")
    )


def test_resamples_are_told_of_what_was_found():
    assert "same best depth and threshold came" in " ".join(view_statements(OVERFITS, "depth"))
    assert "same best depth and no threshold" in " ".join(view_statements(SHORT, "depth"))
    alone = judge_simulated((1.0,), (0.5,))
    assert "resamples" not in " ".join(view_statements(alone, "depth"))


def test_the_network_to_use_is_named_with_what_to_expect():
    choice = Choice("fixed", "last", 1, "fixed", "last", 1, 0.0, None)
    said = to_use(choice, {("fixed", "last"): OVERFITS}, "depth")
    best = OVERFITS.points[1]
    assert said.startswith("To use: depth 1, fixed recipe, after the last epoch. Its mean valid")
    assert f"have a mean test loss of {best.means['test_loss']:.3g} (95 % interval " in said
    simpler = replace(choice, point=0, rise=0.01)
    said = to_use(simpler, {("fixed", "last"): OVERFITS}, "depth")
    assert said.startswith(
        "To use: depth 0, fixed recipe, after the last epoch. It is the simplest"
    )
    assert "(depth 1, fixed recipe, after the last epoch, with a mean test loss of " in said
    assert to_use(None, {("fixed", "last"): OVERFITS}, "width") == (
        "No width can be recommended: too many replicates diverged at every width."
    )


@pytest.mark.parametrize("axis", axis_names())
@pytest.mark.parametrize("verdict", [OVERFITS, MIXED, SHORT, ONE])
def test_words_hold_for_every_axis(axis, verdict):
    for sentence in view_statements(verdict, axis):
        assert "_" not in sentence
        assert "None" not in sentence
        assert axis == "depth" or "depth" not in sentence


def test_advice_stands_where_its_verdict_was_given():
    here, elsewhere = advice({"a view": MIXED}, "depth")
    given = {str(point.on_this_data) for point in MIXED.points}
    assert {found.verdict for found in here} == given
    everything = {str(verdict) for verdict in Verdict} | {"grid too short"}
    assert {found.verdict for found in (*here, *elsewhere)} == everything
    overfits = next(found for found in here if found.verdict == "overfits")
    assert overfits.where == "a view: depth 1"
    assert all(found.steps and found.meaning for found in (*here, *elsewhere))


def test_a_grid_that_is_too_short_gets_advice():
    here, _ = advice({"a view": SHORT}, "depth")
    assert here[0].verdict == "grid too short"
    assert here[0].where == "a view"


def test_one_replicate_speaks_of_nothing():
    said = trust(ONE, RULES, ONE_LOOK, resampled=False, group=None, unseen=None)
    assert said == ("1 replicate of each point: what is luck and what is not cannot be told apart.")


def test_trust_names_what_the_replicates_speak_of():
    one = trust(OVERFITS, RULES, ONE_LOOK, resampled=True, group=None, unseen=None)
    other = trust(
        UNSURE,
        rules_with(alpha=0.1, margin=0.005),
        ONE_LOOK,
        resampled=False,
        group=None,
        unseen=None,
    )
    assert "a split of its own" in one
    assert "does not show" not in one
    assert "share one split" in other
    assert "10 %" in other
    assert "0.5 %" in other
    assert "does not show that there is nothing" in other


def test_looks_are_told():
    count = OVERFITS.replicates
    one = trust(OVERFITS, RULES, ONE_LOOK, resampled=True, group=None, unseen=None)
    assert "That is for one look: whoever adds replicates because of what is seen here" in one
    ended = {
        Ending.DECIDED: "This is look 1, the last: everything that is asked is decided.",
        Ending.FUTILE: f"would, very likely, not be at {2 * count} replicates either.",
        Ending.LAST: "the plan has no more.",
    }
    for ending, words in ended.items():
        looks = Looks([count, 2 * count], [count], ending)
        said = trust(OVERFITS, RULES, looks, resampled=True, group=None, unseen=None)
        assert f"2 looks were planned, at {count}, {2 * count} replicates; each may spend" in said
        assert "2.5 % of that" in said
        assert words in said


def test_groups_are_told():
    sizes = {"train": 400, "validation": 340, "test": 847}
    said = trust(OVERFITS, RULES, ONE_LOOK, resampled=True, group="writer", unseen=sizes)
    assert "Rows of the same writer are alike." in said
    assert "tested on 847 examples of groups of which it saw none in its 400" in said
