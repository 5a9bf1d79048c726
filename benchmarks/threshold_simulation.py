"""False alarms and power of the threshold rule on simulated views whose truth is known.

Run: PYTHONPATH=src python benchmarks/threshold_simulation.py [--write]
About 4 minutes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import special

from depthgauge.settings.load import load_settings
from depthgauge.statistics.bootstrap import Drawn, Draws, crossed_draws, lower_bounds
from depthgauge.statistics.judge import judge
from depthgauge.statistics.looks import Ending, ending
from depthgauge.statistics.paired import excess, number_of_pairs
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import FloatArray
from depthgauge.statistics.verdicts import Verdict, ViewVerdict
from simulate import Linear, Scenario, first, simulate, simulate_linear
from table import command_line, show


@dataclass(frozen=True)
class Size:
    """How many experiments are simulated: for a row of false alarms, for a cell of power."""

    alarms: int
    power: int


FULL, QUICK = Size(alarms=2000, power=300), Size(alarms=2, power=1)
SEED = 1
# The default experiment's, with fewer resamples than params.yaml may hold, for the time.
RULES = load_settings(Path(__file__).resolve().parent.parent).threshold.model_copy(
    update={"resamples": 400, "stability_resamples": 1}
)
QUESTIONS = ("this data", "new data", "new groups")
ANSWERS = ("on_this_data", "for_new_data", "for_new_groups")
# Looks, and rises beyond the first point that they are tried on.
JOINT = (0.0, 0.03, 0.05)
PLAN, RISES = (10, 20, 40, 80), (0.0, 0.03, 0.05, 0.1, 0.3)
POINTS = 5
EQUAL = (1.0,) * POINTS
AT_MARGIN = (1.0, *(1.0 + RULES.margin,) * (POINTS - 1))
TRAIN = (1.0, 0.8, 0.6, 0.4, 0.2)

SEEDS = Scenario(EQUAL, TRAIN, 10, 4, 4, 0.05, 0.0, 0.0, 0.5, 0.0)
FIXED = Scenario(EQUAL, TRAIN, 10, 120, 120, 0.05, 0.3, 0.3, 0.5, 0.0)
SERIES = replace(FIXED, rows=240, tested=240, autocorrelation=0.5)
RESAMPLED = replace(FIXED, rows=160, tested=80)
LUCK_OF_SEEDS_ALONE = replace(FIXED, example=0.0, cell=0.0)

# Of searches with the same budget, as far apart as the default experiment's.
SEARCHED = replace(RESAMPLED, replicates=40, study=0.1, studies=8)
# Rows of 14 groups, whose luck is as large as that of the default experiment's writers.
GROUPED = replace(RESAMPLED, replicates=40, rows=280, tested=140, group=0.2, groups=14)

ALARMS = (
    *(("luck of the seed alone", replace(SEEDS, replicates=r), 1) for r in (5, 10, 20, 40)),
    ("luck of the seed, large and skewed", replace(SEEDS, replicate=0.5), 1),
    ("both, one fixed test set", FIXED, 1),
    ("both, one fixed test set", replace(FIXED, replicates=40), 1),
    ("both, very skewed examples", replace(FIXED, replicates=20, example=1.0), 1),
    ("both, resampled splits", replace(RESAMPLED, replicates=20), 1),
    ("series, blocks of 24", replace(SERIES, replicates=20), 24),
    ("series, wrongly in blocks of 1", replace(SERIES, replicates=20), 1),
    ("8 searches and seeds", replace(SEARCHED, rows=4, tested=4, example=0.0, cell=0.0), 1),
    ("8 searches, resampled splits", SEARCHED, 1),
    ("3 searches, resampled splits", replace(SEARCHED, studies=3), 1),
    ("14 groups of rows, resampled splits", GROUPED, 1),
    ("5 groups of rows, resampled splits", replace(GROUPED, groups=5), 1),
)


def verdicts(scenario: Scenario, rules: Rules, experiments: int) -> Iterator[ViewVerdict]:
    """The verdicts on independent simulated experiments."""
    rng = np.random.default_rng(SEED)
    for _ in range(experiments):
        yield judge(simulate(scenario, rng), rules, rng)


def percent(count: float, total: int) -> str:
    return f"{100 * count / total:.1f} %" if total else "-"


def false_alarms(experiments: int) -> Iterator[str]:
    columns = (f"{what}, {where}" for what in ("rise", "no rise") for where in QUESTIONS)
    yield f"| sources of luck | replicates | truth | {' | '.join(columns)} |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, scenario, block in ALARMS:
        for truth, means in (("equal", EQUAL), ("at the margin", AT_MARGIN)):
            # With a margin "equal" would be an easy truth; without one it is the hardest.
            margin = 0.0 if truth == "equal" else RULES.margin
            rules = RULES.model_copy(update={"block": block, "margin": margin})
            counts = np.zeros((2, len(QUESTIONS)), dtype=int)
            for verdict in verdicts(replace(scenario, test_means=means), rules, experiments):
                for place, name_of in enumerate(ANSWERS):
                    answer = getattr(verdict, name_of)
                    counts[0, place] += answer is not None and answer.rise is not None
                    said = {getattr(point, name_of) for point in verdict.points}
                    counts[1, place] += Verdict.NO_RISE in said
            asked = (True, scenario.rows > 4, scenario.groups is not None)
            told = [
                percent(count, experiments) if is_asked else "-"
                for row in counts.tolist()
                for count, is_asked in zip(row, asked, strict=True)
            ]
            yield f"| {name} | {scenario.replicates} | {truth} | {' | '.join(told)} |"


def training_luck(experiments: int) -> Iterator[str]:
    """Equal models on a fresh pool each time: false alarms for new data, by what is added."""
    yield "| pool | train | test | replicates | as it is | without the luck of training rows |"
    yield "|---|---|---|---|---|---|"
    rules = RULES.model_copy(update={"margin": 0.0})
    sizes = ((300, 100, 150, 20), (300, 100, 150, 200), (300, 150, 100, 100), (200, 50, 150, 100))
    for size in sizes:
        scenario, rng = Linear((2, 6, 10), *size), np.random.default_rng(SEED)
        alarms = np.zeros(2, dtype=int)
        for _ in range(experiments):
            view = simulate_linear(scenario, rng)
            for place, share in enumerate((view.training_share, 0.0)):
                found = judge(replace(view, training_share=share), rules, rng)
                alarms[place] += found.for_new_data.rise is not None
        cells = " | ".join(percent(count, experiments) for count in alarms.tolist())
        yield f"| {' | '.join(map(str, size))} | {cells} |"


def any_bound_above(draws: Draws, alpha: float) -> tuple[bool, bool, bool]:
    """Whether a rise is declared by the percentile, by the normal and by the t form."""
    percentile = np.quantile(draws.draws, alpha, axis=0)
    normal = draws.estimates + special.ndtri(alpha) * draws.draws.std(axis=0, ddof=1)
    student = lower_bounds(draws, alpha, 1.0)
    return bool((percentile > 0).any()), bool((normal > 0).any()), bool((student > 0).any())


def bound_forms(experiments: int) -> Iterator[str]:
    yield "| sources of luck | replicates | percentile | normal | t (the rule) |"
    yield "|---|---|---|---|---|"
    points = 3
    alpha = RULES.alpha / number_of_pairs(points)
    rows = (
        ("luck of the seed alone", LUCK_OF_SEEDS_ALONE, 1),
        ("both, one fixed test set", FIXED, 1),
        ("both, resampled splits", RESAMPLED, 1),
        ("series, 10 blocks of 24", SERIES, 24),
    )
    for name, full, block in rows:
        scenario = replace(full, test_means=EQUAL[:points], train_means=TRAIN[:points])
        rng = np.random.default_rng(SEED)
        alarms = np.zeros(3, dtype=int)
        for _ in range(experiments):
            view = simulate(scenario, rng)
            best = int(view.test.mean(axis=0).argmin())
            later = view.example_losses[best + 1 :]
            if len(later):
                differences = excess(later, view.example_losses[best], 0.0)
                usable = np.ones(differences.shape[:2], dtype=bool)
                drawn = Drawn(view.clusters, None, block)
                draws = crossed_draws(differences, usable, drawn, 1000, rng)
                alarms += any_bound_above(draws, alpha)
        shares = " | ".join(percent(count, experiments) for count in alarms)
        yield f"| {name} | {scenario.replicates} | {shares} |"


def power(experiments: int) -> Iterator[str]:
    yield "| rise at the threshold | 5 replicates | 10 | 20 | 40 |"
    yield "|---|---|---|---|---|"
    for rise in (0.02, 0.05, 0.1, 0.2):
        means = (1 + rise, 1.0, 1 + rise, 1 + 1.5 * rise, 1 + 2 * rise)
        cells = []
        for replicates in (5, 10, 20, 40):
            scenario = replace(RESAMPLED, test_means=means, replicates=replicates)
            this = new = 0
            for verdict in verdicts(scenario, RULES, experiments):
                this += verdict.on_this_data.threshold == 2
                new += verdict.for_new_data.threshold == 2
            cells.append(f"{this / experiments:.0%}, {new / experiments:.0%}")
        yield f"| {rise:.0%} | {' | '.join(cells)} |"


def looks(experiments: int) -> Iterator[str]:
    """A plan of looks beside one look at its last number of replicates."""
    columns = ("by the plan", "at once", "replicates by the plan", "decided", "futile", "last")
    yield f"| truth, luck | rise found on this data, {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    rows = (
        *(("seeds alone", replace(SEEDS, replicates=PLAN[-1]), rise) for rise in RISES),
        *(("resampled splits", replace(RESAMPLED, replicates=PLAN[-1]), rise) for rise in RISES),
    )
    for name, full, rise in rows:
        scenario = replace(full, test_means=(1.0, *(1 + rise,) * (POINTS - 1)))
        rules = RULES if rise else RULES.model_copy(update={"margin": 0.0})
        rng, found, used = np.random.default_rng(SEED), np.zeros(2, dtype=int), 0
        ended = dict.fromkeys(Ending, 0)
        for _ in range(experiments):
            view = simulate(scenario, rng)
            for count in PLAN:
                seen, each = first(view, count), rules.at_each_of(len(PLAN))
                verdict = judge(seen, each, rng)
                end = ending([(seen, verdict)], each, PLAN[-1])
                if count == PLAN[-1] or end is not None:
                    break
            found[0] += verdict.on_this_data.rise is not None
            found[1] += judge(view, rules, rng).on_this_data.rise is not None
            used += count
            ended[Ending.LAST if end is None or count == PLAN[-1] else end] += 1
        cells = [percent(count, experiments) for count in found.tolist()]
        cells += [f"{used / experiments:.0f}"]
        cells += [percent(ended[e], experiments) for e in Ending]
        yield f"| {'no rise' if not rise else f'+{rise:.0%}'}, {name} | {' | '.join(cells)} |"


def joint_correction(experiments: int) -> Iterator[str]:
    """Bonferroni over all pairs beside the quantile of the largest of all pairs' t values.

    The quantile is that of a multivariate t with the correlations that the replicates show (max-t,
    Hothorn, Bretz and Westfall 2008).
    """
    columns = [f"{way}, {rise:+.0%}" for rise in JOINT for way in ("Bonferroni", "max-t")]
    yield f"| replicates | points | {' | '.join(columns)} |"
    yield f"|---|---|{'---|' * len(columns)}"
    for replicates, points in ((8, 5), (8, 7), (40, 5), (40, 7)):
        cells = []
        for rise in JOINT:
            means = (1.0, *(1 + rise,) * (points - 1))
            train = tuple(np.linspace(1.0, 0.2, points).tolist())
            # Nearly normal: what is shared, large as elsewhere, would make the tails heavier and
            # either correction safer.
            luck = replace(SEEDS, shared=0.05, rows=1, tested=1, replicates=replicates)
            scenario = replace(luck, test_means=means, train_means=train)
            rng, found = np.random.default_rng(SEED), np.zeros(2, dtype=int)
            for _ in range(experiments):
                found += _rises(simulate(scenario, rng).test, RULES.margin if rise else 0.0, rng)
            cells += [percent(count, experiments) for count in found.tolist()]
        yield f"| {replicates} | {points} | {' | '.join(cells)} |"


def _rises(test: FloatArray, margin: float, rng: np.random.Generator) -> list[bool]:
    """Whether a rise beyond the best point is declared, by each of the two corrections."""
    units, points = test.shape
    pairs = [(b, d) for b in range(points) for d in range(b + 1, points)]
    above = np.stack([excess(test[:, d], test[:, b], margin) for b, d in pairs], 1)
    spread = above.std(axis=0, ddof=1)
    t = above.mean(axis=0) / spread * np.sqrt(units)
    directions = (above - above.mean(axis=0)) / spread / np.sqrt(units - 1)
    drawn = rng.standard_normal((RULES.resamples * 5, units)) @ directions
    drawn /= np.sqrt(rng.chisquare(units - 1, (len(drawn), 1)) / (units - 1))
    best = int(test.mean(axis=0).argmin())
    largest = max((t[k] for k, (b, _) in enumerate(pairs) if b == best), default=-np.inf)
    alone = special.stdtrit(units - 1, 1 - RULES.alpha / len(pairs))
    return [bool(largest > c) for c in (alone, np.quantile(drawn.max(axis=1), 1 - RULES.alpha))]


def coverage(experiments: int) -> Iterator[str]:
    """How often the intervals of the difference of two points hold the one expected on new data."""
    yield "| sources of luck | replicates | over replicates alone | over replicates and examples |"
    yield "|---|---|---|---|"
    for name, scenario, block in ALARMS:
        if scenario.rows <= 4 or "wrongly" in name:
            continue
        pair = replace(scenario, test_means=(1.0, 1.2), train_means=TRAIN[:2])
        rules = RULES.model_copy(update={"block": block})
        alone = crossed = compared = 0
        for verdict in verdicts(pair, rules, experiments):
            found = next((p.comparison for p in verdict.points if p.comparison is not None), None)
            if found is None or found.interval is None or found.crossed_interval is None:
                continue
            truth = 0.2 if verdict.best == 0 else -0.2
            compared += 1
            alone += found.interval.low <= truth <= found.interval.high
            crossed += found.crossed_interval.low <= truth <= found.crossed_interval.high
        shares = f"{percent(alone, compared)} | {percent(crossed, compared)}"
        yield f"| {name} | {scenario.replicates} | {shares} |"


def causes(experiments: int) -> Iterator[str]:
    """Two points, the second worse by 40 %: how often each cause is named, by the true share."""
    names = (Verdict.OVERFITS, Verdict.PARTLY_OVERFITS, Verdict.OPTIMIZATION_PROBLEM)
    shown = [*names, Verdict.CAUSE_UNCLEAR]
    yield f"| part that is gap | replicates | {' | '.join(shown)} | interval holds it |"
    yield f"|---|---|{'---|' * (len(shown) + 1)}"
    for share in (1.25, 0.75, 0.5, 0.25):
        for replicates in (10, 40):
            train = (1.0, 1.0 + 0.4 * (1 - share))
            # What examples share would make another share the true one in each experiment.
            scenario = replace(
                SEEDS, test_means=(2.0, 2.4), train_means=train, replicates=replicates, shared=0.0
            )
            told = dict.fromkeys(shown, 0)
            rises = held = 0
            for verdict in verdicts(scenario, RULES, experiments):
                point = verdict.points[1]
                if point.on_this_data not in told or point.comparison is None:
                    continue
                rises += 1
                told[point.on_this_data] += 1
                around = point.comparison.share_interval
                held += around is not None and around.low <= share <= around.high
            cells = [percent(count, rises) for count in (*told.values(), held)]
            yield f"| {share:.0%} | {replicates} | {' | '.join(cells)} |"


def report(size: Size) -> Iterator[str]:
    yield "# The threshold rule on simulated views"
    yield ""
    yield "Written by `benchmarks/threshold_simulation.py`; the simulation is described in"
    yield f"`benchmarks/simulate.py`. {POINTS} points, alpha {RULES.alpha:.0%},"
    yield f"bootstrap of {RULES.resamples} resamples. Log-normal losses; the luck of the seed has"
    yield "standard deviation 0.05 at each point (0.5 where large), that of an example and of a"
    yield "cell 0.3 (an example 1.0 where very skewed), and effects shared by all points, which"
    yield "pairing removes, 0.5."
    yield ""
    yield "## Wrong claims: experiments with any resolved rise, and with any rise that is excluded"
    yield ""
    yield f"{size.alarms} experiments a row. *Equal*: every point has the same expected loss, and"
    yield "the margin is 0. *At the margin*: every point after the first is worse by exactly the"
    yield "margin, 1 %: that there is a rise beyond it is as wrong as that there is none. Where"
    yield "examples bring luck of their own, the answer on this data is not meant to hold for new"
    yield "data: its column shows what asking it that question would cost."
    yield ""
    yield from false_alarms(size.alarms)
    yield ""
    yield "## The luck of training rows: false alarms for new data"
    yield ""
    yield f"{size.alarms} experiments a row: nested linear models with 2, 6 and 10 of their inputs,"
    yield "of exactly equal risk over fresh pools of examples, a fresh pool each time. Replicates"
    yield "share their pool; what that adds is put in (statistics/training_luck.py)."
    yield ""
    yield from training_luck(size.alarms)
    yield ""
    yield "## Forms of the bootstrap's lower bound: false alarms for new data, 3 equal points"
    yield ""
    yield f"{size.alarms} experiments a row, 1000 resamples."
    yield ""
    yield from bound_forms(size.alarms)
    yield ""
    yield "## Power: experiments that find the planted threshold (on this data, for new data)"
    yield ""
    yield f"{size.power} experiments a cell; resampled splits, margin 1 %. The best point"
    yield "is 1, the threshold 2; the rise there is given, and it is 1.5 and 2 times as large at 3"
    yield "and 4."
    yield ""
    yield from power(size.power)
    yield ""
    yield f"## A plan of looks: {', '.join(map(str, PLAN))} replicates, beside {PLAN[-1]} at once"
    yield ""
    yield f"{size.power} experiments a row, margin 1 % (0 where there is no rise). The best point"
    yield "is the first, all others are worse by as much. A plan ends where every question (this"
    yield "data, new data) is decided, or where the last look is not likely to decide what is open."
    yield ""
    yield from looks(size.power)
    yield ""
    yield "## A joint correction: experiments with a resolved rise on this data"
    yield ""
    yield f"{size.alarms} experiments a cell, luck of the seed alone, effects shared by all points"
    yield "0.05. +0%: every point is equal and the margin 0, so that every rise is a false alarm;"
    yield "else all points after the first are worse by as much, and the margin is 1 %."
    yield ""
    yield from joint_correction(size.alarms)
    yield ""
    yield "## Coverage: 95 % intervals of a difference that hold the one expected on new data"
    yield ""
    yield f"{size.power} experiments a row, two points, the second worse by a fifth. An interval"
    yield "over replicates alone speaks of the test examples at hand, and is not meant to hold for"
    yield "others."
    yield ""
    yield from coverage(size.power)
    yield ""
    yield "## Causes: what a resolved rise is called, and whether the interval of the share holds"
    yield ""
    yield f"{size.power} experiments a row, two points, the second worse by a fifth; luck of"
    yield "the seed alone, margin 1 %. Of the rise the given part is a wider gap to train loss,"
    yield "the rest a higher train loss. At 50 % neither part is the larger: naming one is an"
    yield "error, of which a 95 % interval allows 5 %."
    yield ""
    yield from causes(size.power)


def main(arguments: Sequence[str] | None = None) -> None:
    options = command_line(__doc__, "threshold-simulation").parse_args(arguments)
    show(report(QUICK if options.quick else FULL), options.write)


if __name__ == "__main__":
    main()
