"""The answer sentence says what the judged views say, and nothing else."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.axes.axis import axis_names, find_axis
from depthgauge.report.prose.answer import answer_sentence, describe_recipe
from depthgauge.report.prose.render import render
from depthgauge.statistics.estimates import Interval
from depthgauge.statistics.judge import judge
from depthgauge.statistics.verdicts import DoubleDescent, Outcome
from depthgauge.training.metrics.metric import find_metrics
from tests.rules import RULES, rules_with
from tests.training.conftest import make_recipe

MAIN, EARLY = ("fixed", "last"), ("fixed", "validation")
GROUPED, GROUPED_EARLY = ("grouped", "last"), ("grouped", "validation")
TUNED, BOTH = ("tuned", "last"), ("tuned", "validation")


@pytest.fixture
def judged(make_view, noisy, rules):
    def make(means, replicates=20, sd=0.01, **given):
        view = make_view(noisy(means, replicates=replicates, sd=sd), **given)
        return judge(view, rules, np.random.default_rng(0))

    return make


ACCURACY = find_metrics(["accuracy"])["accuracy"]


def said(views, axis="depth", resampled=True, alpha=0.05, **further):
    return answer_sentence(views, axis, rules_with(alpha=alpha), resampled, **further)


def of_groups(judged, means, luck):
    """The verdict where 10 groups of rows have luck of their own at each point."""
    groups = np.repeat(np.arange(10), 4)
    losses = np.asarray(means)[:, None, None] * np.ones((len(means), 20, 40))
    shift = np.random.default_rng(1).normal(0, luck, (len(means), 10))
    losses *= (1 + shift - shift.mean(1, keepdims=True))[:, None, groups]
    return judged(means, example_losses=losses, groups=groups)


def sentences_on(text, views):
    """One line: of the main view up to four sentences, of each other view one at most."""
    said = re.split(r"(?<=\.) ", text)
    whole = all(sentence[0].isupper() and sentence.endswith(".") for sentence in said)
    return whole and "\n" not in text and len(said) <= views + 3


def test_a_threshold_with_its_rise_and_how_sure_it_is(judged):
    text = said({MAIN: judged((1.2, 1.0, 1.5))})
    assert sentences_on(text, 1)
    assert text.startswith("With this recipe, overfitting begins at depth 2: test loss is ")
    assert " % higher (95 % interval " in text
    assert "than at depth 1, the best of the 3 depths tried, while train loss is lower" in text
    assert "other seeds and splits of this data would very likely say the same. So, " in text
    assert "very likely, would new data from the same source" in text


def test_a_fixed_split_speaks_of_seeds_alone(judged):
    text = said({MAIN: judged((1.2, 1.0, 1.5))}, resampled=False)
    assert "other seeds on this data" in text
    assert "splits" not in text
    assert "new test data" in text


@pytest.mark.parametrize(
    ("alpha", "word"), [(0.05, "very likely"), (0.2, " likely "), (0.5, "perh")]
)
def test_how_likely_follows_alpha(judged, alpha, word):
    text = said({MAIN: judged((1.2, 1.0, 1.5))}, alpha=alpha)
    assert word in text
    assert ("very" in text) == (alpha <= 0.05)


def test_what_new_data_do_not_say_is_not_claimed(judged, make_view, noisy):
    # The rise lies in a few examples: other examples may not show it.
    test = noisy((1.0, 1.5))
    losses = np.ones((2, 20, 40)) * test.T[:, :, None] * 0.5
    losses[:, :, :1] += (test.T * 20)[:, :, None]
    losses *= (test.T / losses.mean(2))[:, :, None]
    verdict = judged((1.0, 1.5), example_losses=losses)
    text = said({MAIN: verdict})
    assert verdict.on_this_data.threshold == 1
    if verdict.for_new_data.threshold is None:
        assert "whether new data from the same source would is not resolved" in text
        assert "so, very likely" not in text


def test_without_a_threshold_the_largest_difference_is_named(judged):
    text = said({MAIN: judged((1.0, 1.002, 1.004), sd=0.05)})
    assert sentences_on(text, 1)
    assert "no overfitting is resolved up to depth 2 with 20 replicates" in text
    assert "is not told apart from luck and the margin of 1 %" in text
    assert "overfitting begins" not in text


def test_a_second_descent_of_the_main_view_is_told(judged):
    descent = DoubleDescent(0, 1, 2, 20, 0.3, Interval(0.2, 0.4), 0.2, 1e-4, 1e-4, True)
    views = {MAIN: judged((1.2, 1.5, 1.0))}
    told = said({MAIN: replace(views[MAIN], double_descent={"loss": descent})})
    assert told.endswith(
        "Test loss rises from depth 0 on to a peak at depth 1 and falls again: at depth 2 it is "
        "20 % lower (95 % interval 13 to 27 %)."
    )
    unsure = replace(descent, resolved=False)
    silent = replace(views[MAIN], double_descent={"loss": None})
    assert said({MAIN: replace(silent, double_descent={"loss": unsure})}) == said({MAIN: silent})


def test_an_interval_above_the_margin_that_resolves_nothing_is_explained(judged):
    # Of 20 points, 190 pairs are counted: what is clear by itself is not clear among them.
    verdict = judged((1.0, 1.05, *[1.0] * 18), sd=0.05, replicates=12)
    beyond = [p for p in verdict.points if p.point > verdict.best and p.comparison.relative_rise]
    largest = max(beyond, key=lambda p: p.comparison.relative_rise)
    assert verdict.on_this_data.outcome is Outcome.NONE_RESOLVED
    clear = largest.comparison.relative_interval.low > 0.01
    text = said({MAIN: verdict})
    assert ("the margin of 1 % once all pairs of depths are counted" in text) == clear
    few = judged((1.0, 1.002), sd=0.05)
    assert "all pairs" not in said({MAIN: few})


@pytest.mark.parametrize(
    ("train", "wanted"),
    [
        ((0.5, 0.9), "most of that a higher train loss: an optimization problem"),
        ((0.5, 0.75), "by a higher train loss or by a wider gap to it: cause unclear"),
    ],
)
def test_a_rise_that_is_no_overfitting(judged, noisy, train, wanted):
    given = {"replicates": 8, "train": noisy(train, 8, 0.4 if "unclear" in wanted else 0.01, 1)}
    text = said({MAIN: judged((1.0, 1.5), **given)})
    assert "no overfitting is resolved" in text
    assert re.search(r"at depth 1 it is (49|50|51) % higher", text)
    assert wanted in text
    assert "while train loss is lower" not in text


def test_an_earlier_rise_of_another_kind_is_named(judged, noisy):
    train = noisy((0.5, 0.9, 0.1), seed=1)
    text = said({MAIN: judged((1.0, 1.5, 2.0), train=train)})
    assert "overfitting begins at depth 2" in text
    assert "already rises at depth 1, most of that a higher train loss" in text


def test_the_best_last(judged):
    text = said({MAIN: judged((1.5, 1.2, 1.0))})
    assert "the grid is too short, since test loss is least at depth 2, its end" in text
    assert "begins at" not in text


def test_one_depth(judged):
    text = said({MAIN: judged((1.0,)), EARLY: judged((1.0,))})
    assert text == (
        "With this recipe, it cannot be told where overfitting begins: depth 0 alone was tried, "
        "and there is nothing to compare it with."
    )


def test_one_replicate(judged):
    text = said({MAIN: judged((1.0, 1.5), replicates=1)})
    assert text.endswith(": 1 replicate cannot tell luck from a difference.")


def test_all_diverged(judged):
    none = np.zeros((20, 2), dtype=bool)
    verdict = judged((1.0, 1.5), finite=none)
    assert said({MAIN: verdict}).endswith("too many replicates diverged at every depth.")
    assert "20 of 20 at depth 0, 20 of 20 at depth 1" in render(
        "diverged", verdict=verdict, of=find_axis("depth")
    )


def test_the_deepest_diverged_is_not_spoken_of(judged):
    finite = np.ones((20, 3), dtype=bool)
    finite[:, 2] = False
    verdict = judged((1.0, 1.001, 9.0), sd=0.05, finite=finite)
    assert "up to depth 1" in said({MAIN: verdict})
    lost = render("diverged", verdict=verdict, of=find_axis("depth"))
    assert lost == (
        "Replicates that diverged and are left out: 20 of 20 at depth 2; too many for depth 2 to "
        "be judged."
    )


def test_nothing_diverged_nothing_said(judged):
    assert render("diverged", verdict=judged((1.0, 1.5)), of=find_axis("depth")) == ""


def test_no_variance(make_view, rules):
    verdict = judge(make_view(np.ones((5, 2)) * [1.0, 2.0]), rules, np.random.default_rng(0))
    if verdict.on_this_data.outcome is Outcome.CANNOT_TELL:
        assert "do not vary" in said({MAIN: verdict})


def test_other_views_in_their_own_words(judged):
    views = {
        MAIN: judged((1.0, 1.5, 2.0)),
        EARLY: judged((1.0, 1.2, 1.3)),
        TUNED: judged((1.0, 0.99, 1.5)),
        BOTH: judged((1.0, 1.0, 1.0), sd=0.05),
    }
    text = said(views)
    assert sentences_on(text, 4)
    assert "Early stopping on validation loss lessens the rise of test loss to 20 %" in text
    assert "With a recipe tuned for each depth, overfitting begins at depth 2 (+5" in text
    both = "With a recipe tuned for each depth, stopped early on validation loss, "
    told = r"(no overfitting is resolved|the grid is too short to tell)"
    assert re.search(both + told, text)


def test_lessened_only_where_the_intervals_part(judged):
    views = {MAIN: judged((1.0, 1.5), sd=0.1), EARLY: judged((1.0, 1.45), sd=0.1)}
    text = said(views)
    assert "lessens" not in text
    assert "enlarges" not in text
    assert "With early stopping on validation loss, overfitting begins at depth 1 as well" in text


def test_an_answer_that_is_not_sure_is_said_to_be_so(judged):
    sure, other = judged((1.0, 1.5, 2.0)), judged((1.0, 1.3, 1.4))
    for stability, wanted in ((0.95, False), (0.75, True)):
        text = said({MAIN: sure, BOTH: replace(other, stability=stability, studies=8)})
        hedge = "threshold came out in 75 % of resamples of the searches"
        assert (hedge in text) is wanted
    clear = judged((1.0, 1.5, 2.0))
    late = replace(clear.on_this_data, threshold=2, not_excluded=(1,))
    text = said({MAIN: replace(clear, on_this_data=late)})
    assert "overfitting begins at depth 2 at the latest: " in text
    assert "; whether it begins sooner, at depth 1, is not resolved" in text


def test_tuned_alone_is_called_so(judged):
    text = said({TUNED: judged((1.0, 1.5)), BOTH: judged((1.0, 1.6))})
    assert text.startswith("With a recipe tuned for each depth, overfitting begins at depth 1")
    assert "arly stopping" in text
    assert "this recipe" not in text


@pytest.mark.parametrize("axis", axis_names())
def test_every_axis_has_its_words(judged, axis):
    points = (7, 28, 56)
    for means in ((1.2, 1.0, 1.5), (1.5, 1.2, 1.0), (1.0, 1.001, 1.002)):
        text = said({MAIN: judged(means, points=points)}, axis)
        assert sentences_on(text, 1)
        assert "_" not in text
        assert axis == "depth" or "depth" not in text


QUICK = rules_with(diverged_share=0.25, resamples=50, stability_resamples=50)


@given(
    points=st.integers(1, 20),
    replicates=st.integers(1, 6),
    seed=st.integers(0, 10**6),
    lost=st.floats(0, 1),
)
def test_whatever_comes_the_sentence_agrees_with_the_verdict(
    make_view, points, replicates, seed, lost
):
    rng = np.random.default_rng(seed)
    shape = (replicates, points)
    means = 1 + rng.uniform(0, 1, points) * rng.uniform(0, 1)
    test = means * (1 + 0.05 * rng.standard_normal(shape)) ** 2
    view = make_view(
        test,
        finite=rng.uniform(size=shape) >= lost * rng.uniform(),
        train=rng.uniform(0.1, 1, shape),
    )
    verdict = judge(view, QUICK, rng)
    text = said({MAIN: verdict, EARLY: verdict})
    assert sentences_on(text, 2)
    assert "None" not in text
    assert "nan" not in text.lower().replace("unanimous", "")
    found = verdict.on_this_data.threshold
    assert (found is not None) == ("overfitting begins at depth" in text)
    if found is not None:
        late = " at the latest" if verdict.on_this_data.not_excluded else ""
        assert f"overfitting begins at depth {found}{late}:" in text
        assert ("whether it begins sooner" in text) is bool(late)
    if verdict.on_this_data.outcome in (Outcome.CANNOT_TELL, Outcome.GRID_TOO_SHORT):
        assert "it cannot be told" in text
        assert text.count(";") <= 1


def test_over_training_examples_a_higher_train_loss_is_no_optimization_problem(judged):
    views = {MAIN: judged((1.0, 1.5), train=np.tile([0.5, 0.9], (20, 1)))}
    assert views[MAIN].on_this_data.rise.verdict == "optimization problem"
    assert "an optimization problem" in said(views)
    text = said(views, "training_size")
    assert "most of that a higher train loss, as more examples make it" in text
    assert "optimization" not in text


def test_the_recipe_is_said_where_it_is_spoken_of(judged):
    recipe = make_recipe(epochs=60, learning_rate=0.003)
    words = describe_recipe(recipe, "network.depth", 400)
    width, batch = recipe.network.width, recipe.batch_size
    assert words == (
        f"adam, learning rate 0.003, width {width}, batch size {batch}, 60 epochs, "
        "400 training examples"
    )
    assert "epochs" not in describe_recipe(recipe, "epochs", 400)
    assert "examples" not in describe_recipe(recipe, None, None)
    # All of the data are no sample.
    assert describe_recipe(recipe, "network.depth", 400, 800, 800) == words
    sample = "each replicate using 8,000 of all 300,000 examples"
    assert describe_recipe(recipe, "network.depth", 400, 8000, 300_000) == f"{words}, {sample}"
    assert describe_recipe(recipe, None, None, 8000, 300_000).endswith(sample)
    views = {MAIN: judged((1.2, 1.0, 1.5)), TUNED: judged((1.2, 1.0, 1.5))}
    text = answer_sentence(views, "depth", RULES, resampled=True, recipe=words)
    assert text.startswith(f"With this recipe ({words}), overfitting begins at depth 2: ")
    assert text.count(words) == 1


def test_an_answer_that_is_not_steady_is_not_said_to_come_again(judged):
    verdict = replace(judged((1.2, 1.0, 1.5)), stability=0.72)
    text = said({MAIN: verdict})
    assert "likely" not in text
    assert (
        "the rise is resolved for other seeds and splits of this data, where it begins is" in text
    )
    assert "It is resolved for new data from the same source too." in text
    assert "came out in 72 % of resamples" in text


def test_no_overfitting_that_is_shown_is_an_answer(judged):
    text = said({MAIN: judged((1.0, 1.004), sd=0.0005, replicates=40)})
    assert "there is no overfitting above 1 % up to depth 1 with 40 replicates" in text
    assert "excluded for other seeds and splits of this data. So it is for new data" in text


def test_a_difference_that_is_smaller_than_the_margin_is_said_to_be_so(judged):
    # Clear by itself, and not among all pairs of 20 points.
    verdict = judged((1.0, *[1.002] * 19), sd=0.006, replicates=12)
    assert verdict.on_this_data.outcome is Outcome.NONE_RESOLVED
    beyond = [p for p in verdict.points if p.on_this_data == "no rise resolved"]
    largest = max(beyond, key=lambda p: p.comparison.relative_rise)
    below = largest.comparison.relative_interval.high < 0.01
    text = said({MAIN: verdict})
    assert ("lies below the margin of 1 % for other seeds and splits of this data" in text) == below
    assert ("luck" in text) != below


def test_three_readers_are_answered(judged):
    alike, apart = (of_groups(judged, (1.2, 1.0, 1.5), luck) for luck in (0.01, 0.9))
    text = said({MAIN: alike}, group="writer")
    assert "So, very likely, would new data from the same groups (by writer). " in text
    assert text.endswith("So, very likely, would new groups.")
    assert "over replicates and groups, " in text
    text = said({MAIN: apart}, group="writer")
    assert text.endswith("Whether new groups would is not resolved.")


def test_groups_that_were_never_seen_are_a_question_of_their_own(judged):
    alike, apart = (of_groups(judged, (1.2, 1.0, 1.5), luck) for luck in (0.01, 0.9))
    text = said({MAIN: alike, GROUPED: alike, GROUPED_EARLY: apart}, group="writer")
    never = "With this recipe on groups that it never saw (by writer), "
    assert (
        f"{never}overfitting begins at depth 2 as well (+50 %), resolved for new groups too" in text
    )
    assert f"{never}stopped early on validation loss, overfitting begins at depth 2" in text
    assert text.endswith("(+50 %); for new groups none is resolved.")


def test_no_overfitting_is_told_of_groups_too(judged):
    view = of_groups(judged, (1.0, 0.999, 0.9995), 0.0001)
    text = said({MAIN: view}, group="writer")
    assert view.for_new_groups.outcome is Outcome.NO_OVERFITTING
    assert (
        "so it is for new data from the same groups (by writer), and so it is for new groups"
        in (text.lower())
    )


def test_a_metric_that_disagrees_is_heard(judged):
    views = {MAIN: judged((1.2, 1.0, 1.5, 2.0))}
    of_errors = {MAIN: judged((0.12, 0.1, 0.1, 0.15))}
    text = said(views, first_metric=(ACCURACY, of_errors))
    assert re.search("By error rate, overfitting begins at depth 3( at the latest)?: ", text)
    assert "; cross-entropy also rises where a network grows more confident in its mist" in text
    none = {MAIN: judged((0.12, 0.1, 0.0999, 0.0998))}
    assert "By error rate, no overfitting" in said(views, first_metric=(ACCURACY, none))


def test_a_metric_that_agrees_is_silent(judged):
    views = {MAIN: judged((1.2, 1.0, 1.5))}
    of_errors = {MAIN: judged((0.12, 0.1, 0.15))}
    assert said(views, first_metric=(ACCURACY, of_errors)) == said(views)


def test_a_metric_that_early_stopping_does_not_help_is_named(judged):
    views = {MAIN: judged((1.2, 1.0, 1.5)), EARLY: judged((1.2, 1.0, 1.2))}
    worse = {MAIN: judged((0.12, 0.1, 0.15)), EARLY: judged((0.12, 0.1, 0.17))}
    text = said(views, first_metric=(ACCURACY, worse))
    assert re.search(
        r"lessens the rise of test loss to 20 %, but not that of the error rate: [67]\.\d\d points "
        r"in place of [45]\.\d\d points\.",
        text,
    )
    better = {MAIN: worse[MAIN], EARLY: judged((0.12, 0.1, 0.13))}
    assert "but not that" not in said(views, first_metric=(ACCURACY, better))
