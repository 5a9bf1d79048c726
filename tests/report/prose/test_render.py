from dataclasses import replace

import numpy as np
import pytest

from depthgauge.axes.axis import find_axis
from depthgauge.report.prose.answer import view_sentences
from depthgauge.report.prose.render import render
from depthgauge.statistics.estimates import Interval
from depthgauge.statistics.judge import judge
from depthgauge.statistics.verdicts import DoubleDescent


def said(view, rules):
    return view_sentences(judge(view, rules, np.random.default_rng(0)), "depth")


def test_both_questions_are_answered_and_resamples_named(make_view, noisy, rules):
    this, new, steady = said(make_view(noisy((1.2, 1.0, 1.5))), rules)
    assert this.startswith(
        "On this data: overfitting begins at depth 2; over 20 pairs test loss is "
    )
    assert new.startswith("For new data from the same source: overfitting begins at depth 2")
    assert "resamples" in steady
    assert "reruns" not in steady


def test_new_data_has_a_bound_of_its_own(make_view, noisy, rules):
    view = make_view(noisy((1.2, 1.0, 1.5)))
    compared = judge(view, rules, np.random.default_rng(0)).points[2].comparison
    this, new, _ = said(view, rules)
    least = 100 * compared.new_data.lower / view.test[:, 1].mean()
    assert f"beyond the margin, at least {least:.0f} % higher than at depth 1" in new
    assert "beyond the margin" not in this
    assert "interval" not in new


@pytest.mark.parametrize(
    ("means", "replicates", "wanted"),
    [
        ((1.0, 1.004), 20, "no overfitting threshold resolved up to depth 1 with 20 replicates"),
        (
            (1.0, 1.0),
            20,
            "no overfitting beyond the margin up to depth 1 with 20 replicates, shown",
        ),
        ((1.5, 1.0), 20, "the grid is too short, since test loss is least at depth 1, its end"),
        ((1.0, 1.5), 1, "cannot tell: 1 replicate cannot tell luck from a difference."),
    ],
)
def test_answers_without_a_threshold(make_view, noisy, rules, means, replicates, wanted):
    for sentence in said(make_view(noisy(means, replicates=replicates)), rules)[:2]:
        assert wanted in sentence


@pytest.mark.parametrize(
    ("train", "sd", "wanted"),
    [((0.5, 0.9), 0.01, "an optimization problem"), ((0.5, 0.75), 0.4, "cause unclear")],
)
def test_a_rise_that_is_not_overfitting_is_not_kept_quiet(
    make_view, noisy, rules, train, sd, wanted
):
    view = make_view(noisy((1.0, 1.5), replicates=8), train=noisy(train, 8, sd, seed=1))
    first = said(view, rules)[0]
    assert "no overfitting threshold resolved" in first
    assert "already rises at depth 1" in first
    assert wanted in first


def test_points_lost_to_divergence_are_said(make_view, noisy, rules):
    test = noisy((1.5, 1.0, 2.0))
    finite = np.ones(test.shape, dtype=bool)
    finite[:, 2] = False
    first = said(make_view(test, finite=finite), rules)[0]
    assert "beyond it too many replicates diverged at every depth" in first


FOUND = DoubleDescent(
    before=12,
    peak=64,
    after=512,
    pairs=40,
    fall=0.03,
    interval=Interval(0.02, 0.04),
    relative_fall=0.12,
    rise_p=1e-6,
    fall_p=1e-4,
    resolved=True,
)


def peak(**changed):
    found, of = replace(FOUND, **changed), find_axis("width")
    return render("descent", quantity="error", descent=found, of=of)


def test_a_fall():
    sentence = peak()
    assert sentence == (
        "Test error rises from width 12 on to a peak at width 64, beyond which it falls again: at "
        "width 512 it is 12 % lower (95 % interval 8 to 16 %)."
    )


def test_not_resolved():
    sentence = peak(resolved=False, fall_p=0.3)
    assert "whether it falls again is not resolved" in sentence


def test_an_interval_of_a_rise_is_one_of_the_rise():
    sentence = peak(resolved=False, fall=-0.01, relative_fall=-0.02, interval=Interval(-0.03, 0.01))
    assert sentence.endswith("at width 512 it is 2.0 % higher (95 % interval −2.0 to 6.0 %).")


def test_no_interval_and_a_rise():
    sentence = peak(interval=None, resolved=False, fall=-0.01, relative_fall=-0.02)
    assert sentence.endswith("at width 512 it is 2.0 % higher.")


def test_the_search_is_said_to_be_the_unit(make_view, noisy, rules):
    test = noisy((1.2, 1.0, 1.5), replicates=12)

    def said(clusters):
        view = make_view(test, clusters=np.array(clusters))
        return " ".join(view_sentences(judge(view, rules, np.random.default_rng(0)), "depth"))

    several = said([r % 4 for r in range(12)])
    assert "Each depth was searched 4 times by itself, and the search is the unit" in several
    assert "over searches and examples" in several
    assert "resamples of the searches" in several
    assert "replicates alone" not in several
    assert "1 search cannot tell the luck of a search from a difference" in said([0] * 12)
    assert "search" not in said(range(12))
