"""Where the truth holds no rise beyond the margin, one is declared with chance alpha at most."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from depthgauge.statistics.judge import judge
from depthgauge.statistics.paired import rise_p
from simulate import Linear, Scenario, first, simulate, simulate_linear

POINTS = 4
EQUAL = (1.0,) * POINTS
TRAIN = (1.0, 0.7, 0.4, 0.1)
SEEDS = Scenario(EQUAL, TRAIN, 12, 4, 4, 0.05, 0.0, 0.0, 0.5, 0.0)
FIXED = Scenario(EQUAL, TRAIN, 12, 60, 60, 0.05, 0.3, 0.2, 0.5, 0.0)
RESAMPLED = replace(FIXED, rows=80, tested=40)
SERIES = replace(FIXED, rows=120, tested=120, autocorrelation=0.5)
SEEDS_ALONE = replace(FIXED, example=0.0, cell=0.0)
GROUPED = replace(RESAMPLED, replicates=24, rows=160, tested=80, group=0.2, groups=14)
SEARCHED = replace(SEEDS, replicates=24, study=0.1, studies=6)

TRUTHS = pytest.mark.parametrize("truth", ["equal", "at the margin"])
EXPERIMENTS = pytest.mark.parametrize(
    "experiments", [125, pytest.param(2000, marks=pytest.mark.slow)]
)


def most(experiments, alpha):
    """The count that a rule with this chance of a false alarm passes once in a thousand times."""
    return stats.binom.ppf(0.999, experiments, alpha)


def alarms(scenario, rules, truth, experiments, block=1):
    """Experiments in which a rise is declared: on this data, for new data."""
    margin = 0.0 if truth == "equal" else 0.01
    means = (1.0, *(1 + margin,) * (POINTS - 1))
    rules = rules.model_copy(
        update={"margin": margin, "block": block, "resamples": 200, "stability_resamples": 1}
    )
    rng = np.random.default_rng(0)
    found = [
        judge(simulate(replace(scenario, test_means=means), rng), rules, rng)
        for _ in range(experiments)
    ]
    return (
        sum(verdict.on_this_data.rise is not None for verdict in found),
        sum(verdict.for_new_data.rise is not None for verdict in found),
    )


@EXPERIMENTS
def test_the_luck_of_training_rows(rules, experiments):
    found = fitted(rules, experiments)
    alarms = sum(verdict.for_new_data.rise is not None for verdict in found)
    assert alarms <= most(experiments, rules.alpha)


@pytest.mark.slow
def test_the_simulation_would_catch_the_luck_of_training_rows_left_out(rules):
    found = fitted(rules, 1000, training_share=0.0)
    assert sum(verdict.for_new_data.rise is not None for verdict in found) > most(1000, 0.05)


def fitted(rules, experiments, **changes):
    """Verdicts on nested linear models of equal risk, each time on a fresh pool."""
    rng = np.random.default_rng(0)
    quick = rules.model_copy(update={"margin": 0.0, "resamples": 200, "stability_resamples": 1})
    scenario = Linear((2, 6, 10), 150, 50, 80, 60)
    views = (simulate_linear(scenario, rng) for _ in range(experiments))
    return [judge(replace(view, **changes), quick, rng) for view in views]


PLAN = [5, 10, 20, 40, 80]


def looked(rules, experiments):
    """Experiments in which a rise is declared on this data at any look of the plan."""
    rng = np.random.default_rng(0)
    quick = rules.model_copy(update={"margin": 0.0, "resamples": 2, "stability_resamples": 1})
    alarms = 0
    for _ in range(experiments):
        view = simulate(replace(SEEDS, replicates=PLAN[-1]), rng)
        found = (judge(first(view, count), quick, rng) for count in PLAN)
        alarms += any(verdict.on_this_data.rise is not None for verdict in found)
    return alarms


@EXPERIMENTS
def test_a_plan_of_looks(rules, experiments):
    planned = rules.at_each_of(len(PLAN))
    assert looked(planned, experiments) <= most(experiments, rules.alpha)


@pytest.mark.slow
def test_the_simulation_would_catch_looks_that_are_not_paid_for(rules):
    assert looked(rules, 1000) > most(1000, rules.alpha)


def grouped(rules, experiments):
    """Verdicts on points that are equal for other people, though not for these."""
    rng = np.random.default_rng(0)
    quick = rules.model_copy(update={"margin": 0.0, "resamples": 200, "stability_resamples": 1})
    return [judge(simulate(GROUPED, rng), quick, rng) for _ in range(experiments)]


@TRUTHS
@EXPERIMENTS
def test_on_this_data(rules, truth, experiments):
    this, _ = alarms(SEEDS, rules, truth, experiments)
    assert this <= most(experiments, rules.alpha)


@TRUTHS
@EXPERIMENTS
@pytest.mark.parametrize(
    ("scenario", "block"),
    [(FIXED, 1), (RESAMPLED, 1), (SERIES, 12), (SEEDS_ALONE, 1)],
    ids=["fixed", "resampled", "series", "seeds alone"],
)
def test_for_new_data(rules, truth, experiments, scenario, block):
    _, new = alarms(scenario, rules, truth, experiments, block)
    assert new <= most(experiments, rules.alpha)


@TRUTHS
@EXPERIMENTS
@pytest.mark.parametrize("studies", [2, 6])
def test_the_luck_of_searches(rules, truth, experiments, studies):
    this, new = alarms(replace(SEARCHED, studies=studies), rules, truth, experiments)
    assert max(this, new) <= most(experiments, rules.alpha)


@EXPERIMENTS
def test_groups_of_rows(rules, experiments):
    found = grouped(rules, experiments)
    assert sum(verdict.for_new_groups.rise is not None for verdict in found) <= most(
        experiments, rules.alpha
    )


def test_the_simulation_would_catch_rows_as_the_unit_of_groups(rules):
    found = grouped(rules, 125)
    assert sum(verdict.for_new_data.rise is not None for verdict in found) > most(125, 0.05)


def test_the_simulation_would_catch_replicates_as_the_unit_of_a_search(rules):
    rng = np.random.default_rng(0)
    quick = rules.model_copy(update={"margin": 0.0, "resamples": 2, "stability_resamples": 1})
    found = []
    for _ in range(250):
        view = simulate(SEARCHED, rng)
        found.append(judge(replace(view, clusters=np.arange(24)), quick, rng))
    assert sum(verdict.on_this_data.rise is not None for verdict in found) > 2 * most(250, 0.05)


def test_the_simulation_would_catch_a_rule_that_does_not_correct():
    rng = np.random.default_rng(0)
    caught = 0
    for _ in range(250):
        test = simulate(SEEDS, rng).test
        best = int(test.mean(axis=0).argmin())
        caught += any(
            rise_p(test[:, d], test[:, best], 0.0) <= 0.05 for d in range(best + 1, POINTS)
        )
    assert caught > most(250, 0.05)


def test_the_simulation_would_catch_an_answer_for_new_data_from_replicates_alone(rules):
    this, _ = alarms(FIXED, rules, "equal", 250)
    assert this > most(250, rules.alpha)


def test_a_planted_threshold_is_found(rules):
    rng = np.random.default_rng(0)
    scenario = replace(RESAMPLED, test_means=(1.5, 1.0, 1.5, 2.0), replicates=20)
    found = [
        judge(simulate(scenario, rng), rules.model_copy(update={"resamples": 200}), rng)
        for _ in range(50)
    ]
    assert sum(verdict.on_this_data.threshold == 2 for verdict in found) >= 45
    assert sum(verdict.for_new_data.threshold == 2 for verdict in found) >= 45
