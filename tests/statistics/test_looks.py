"""A plan of looks ends where all is decided, and where no further look could decide."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from depthgauge.statistics.judge import judge
from depthgauge.statistics.looks import UNLIKELY, Ending, ending, forecast, is_open, may_tell
from depthgauge.statistics.paired import cluster_means
from simulate import Scenario, first, simulate

PLAN = [10, 20, 40]
TRAIN = (0.9, 0.5, 0.3)
SCENARIO = Scenario((1.0, 1.0, 1.0), TRAIN, PLAN[-1], 60, 60, 0.03, 0.0, 0.0, 0.05, 0.0)


def at_looks(view, rules):
    """Each planned look's view and verdict, by the rules of one look."""
    each = rules.at_each_of(len(PLAN)).model_copy(
        update={"resamples": 100, "stability_resamples": 1}
    )
    for count in PLAN:
        seen = first(view, count)
        yield seen, judge(seen, each, np.random.default_rng(0)), each


def verdict_at(rules, means, look=0, **changed):
    scenario = replace(SCENARIO, test_means=means, **changed)
    view = simulate(scenario, np.random.default_rng(1))
    return list(at_looks(view, rules))[look]


def test_a_plain_rise_is_decided_at_once(rules):
    view, verdict, each = verdict_at(rules, (1.0, 1.5, 2.0))
    assert ending([(view, verdict)], each, PLAN[-1]) is Ending.DECIDED
    assert not is_open(verdict, "on_this_data")
    assert not is_open(verdict, "for_new_groups")


def test_a_rise_too_small_for_this_look_asks_for_the_next(rules):
    view, verdict, each = verdict_at(rules, (1.0, 1.045, 1.045))
    assert is_open(verdict, "on_this_data")
    assert may_tell(view, verdict, each, "on_this_data", PLAN[-1])
    assert ending([(view, verdict)], each, PLAN[-1]) is None


def test_what_rests_on_few_test_examples_is_futile(rules):
    """With replicates that hardly differ more of them add nothing on new data."""
    view, verdict, each = verdict_at(
        rules, (1.0, 1.3, 1.3), replicate=0.02, shared=0.0, example=0.3, rows=40, tested=40
    )
    assert is_open(verdict, "for_new_data")
    assert not may_tell(view, verdict, each, "for_new_data", PLAN[-1])
    assert ending([(view, verdict)], each, PLAN[-1]) is Ending.FUTILE


def test_without_a_best_point_nothing_can_be_told(make_view, noisy, rules):
    view = make_view(noisy((1.0, 1.2)), finite=np.zeros((20, 2), dtype=bool))
    verdict = judge(view, rules, np.random.default_rng(0))
    assert is_open(verdict, "on_this_data")
    assert ending([(view, verdict)], rules, 40) is Ending.FUTILE


def test_one_replicate_asks_for_more(make_view, noisy, rules):
    view = make_view(noisy((1.0, 1.2), replicates=1))
    verdict = judge(view, rules, np.random.default_rng(0))
    assert ending([(view, verdict)], rules, 40) is None


def test_a_forecast_is_what_more_replicates_give():
    rng = np.random.default_rng(0)
    now, then, freedom = forecast(values := rng.standard_normal(20), np.arange(20), 0.25)
    assert now == pytest.approx(stats.sem(values))
    assert then == pytest.approx(now / 2)
    assert freedom == 79
    # Of studies the number stays: only what replicates add within them shrinks.
    errors = []
    for _ in range(300):
        study = np.repeat(rng.standard_normal(8), 10)
        every = study + rng.standard_normal(80)
        clusters = np.repeat(np.arange(8), 10)
        few = np.concatenate([np.arange(2) + 10 * k for k in range(8)])
        _, then, freedom = forecast(every[few], clusters[few], 0.2)
        errors.append((then**2, stats.sem(cluster_means(every, clusters)) ** 2))
        assert freedom == 7
    forecasts, found = np.mean(errors, axis=0)
    assert forecasts == pytest.approx(found, rel=0.15)


@pytest.mark.parametrize("studies", [None, 5])
def test_of_what_is_called_futile_hardly_anything_is_decided_later(rules, studies):
    """Equal points, and rises near the margin: the hard cases."""
    rng = np.random.default_rng(0)
    futile = decided = 0
    for number in range(200):
        rise = (0.0, 0.01, 0.02, 0.03)[number % 4]
        scenario = replace(
            SCENARIO,
            test_means=(1.0, 1 + rise, 1 + rise),
            study=0.02 if studies else 0.0,
            studies=studies,
        )
        _, (view, verdict, each), last = at_looks(simulate(scenario, rng), rules)
        if is_open(verdict, "on_this_data") and not may_tell(
            view, verdict, each, "on_this_data", PLAN[-1]
        ):
            futile += 1
            decided += not is_open(last[1], "on_this_data")
    assert futile >= 10
    assert decided <= stats.binom.ppf(0.999, futile, UNLIKELY)
