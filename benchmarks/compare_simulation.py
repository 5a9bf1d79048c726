"""False alarms, coverage and forecasts of `depthgauge compare` on runs whose truth is known.

Run: PYTHONPATH=src python benchmarks/compare_simulation.py [--write]
About a minute.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.configurations import (
    Differences,
    compare_configurations,
    runs_to_resolve,
)
from depthgauge.statistics.stopping import FloatArray
from table import command_line, show

ALPHA, SEED = 0.05, 1


@dataclass(frozen=True)
class Runs:
    """K configurations, S seeds each. shared: of the luck, the variance that a seed brings to all;
    unequal: how many times as large the last one's luck is as the first's; skewed: whether luck is
    that of an exponential; paired: whether seeds are known; few: seeds of all but the last, 0 for
    as many."""

    name: str
    configurations: int
    seeds: int
    shared: float = 0.5
    unequal: float = 1.0
    skewed: bool = False
    paired: bool = True
    lost: float = 0.0
    few: int = 0

    def draw(self, rng: np.random.Generator, means: Sequence[float] = ()) -> FloatArray:
        """(S, K) values around `means`, 0 by default; NaN for runs that are lost."""
        size = (self.seeds, self.configurations)
        own = rng.exponential(size=size) - 1 if self.skewed else rng.standard_normal(size)
        own *= np.linspace(1, self.unequal, self.configurations) * np.sqrt(1 - self.shared)
        luck = rng.standard_normal((self.seeds, 1)) * np.sqrt(self.shared)
        values = own + luck + (np.array(means) if len(means) else 0.0)
        values[rng.random(size) < self.lost] = np.nan
        if self.few:
            values[self.few :, :-1] = np.nan
        return np.asarray(values)

    def compare(self, values: FloatArray) -> Differences:
        """As the command does."""
        return compare_configurations(values, self.paired, ALPHA)


NULLS = (
    *(Runs(f"{k} x {s}", k, s) for k, s in ((2, 3), (2, 10), (4, 3), (4, 5), (10, 5), (10, 20))),
    Runs("seeds share nothing", 5, 5, shared=0.0),
    Runs("seeds share nearly all", 5, 5, shared=0.95),
    Runs("luck 5 times as large", 5, 5, unequal=5),
    Runs("skewed luck", 5, 10, skewed=True),
    Runs("1 run of 10 lost", 5, 10, lost=0.1),
    Runs("no seeds", 5, 3, shared=0.0, paired=False),
    Runs("no seeds", 5, 10, shared=0.0, paired=False),
    Runs("no seeds, luck 5 times as large", 5, 3, shared=0.0, unequal=5, paired=False),
    Runs("no seeds, luck 5 times as large", 5, 5, shared=0.0, unequal=5, paired=False),
    Runs("no seeds, luck 5 times as large", 5, 10, shared=0.0, unequal=5, paired=False),
    Runs("no seeds, 1 run of 3 lost", 5, 12, shared=0.0, lost=0.33, paired=False),
    Runs("no seeds, 2 runs of all but one", 4, 30, shared=0.0, paired=False, few=2),
    Runs("no seeds, 3 runs of all but one", 5, 30, shared=0.0, paired=False, few=3),
    Runs("no seeds, 5 runs of all but one", 9, 40, shared=0.0, paired=False, few=5),
    Runs("no seeds, 6 runs of all but one", 9, 40, shared=0.0, paired=False, few=6),
    Runs("no seeds, 3 noisy runs of all but one", 4, 20, 0.0, unequal=1 / 3, paired=False, few=3),
)
# Student's t supposes luck that is not skewed; of one skew it takes the difference, of two it
# cannot.
LIMITS = tuple(
    Runs("skewed luck, 5 times as large", 5, seeds, unequal=5, skewed=True)
    for seeds in (5, 10, 30, 100)
)
POWERS = (
    Runs("2 x 5", 2, 5),
    Runs("4 x 5", 4, 5),
    Runs("4 x 20", 4, 20),
    Runs("4 x 5, no seeds", 4, 5, shared=0.0, paired=False),
    Runs("4 x 20, no seeds", 4, 20, shared=0.0, paired=False),
)


def alarms(runs: Runs, experiments: int) -> float:
    """The share of experiments with an interval that leaves the planted difference out.

    Where nothing differs that is a false alarm.
    """
    rng = np.random.default_rng([SEED, (*NULLS, *LIMITS).index(runs)])
    means = np.linspace(0, 3, runs.configurations) ** 2
    truth = means - means[:, None]
    missed = 0
    for _ in range(experiments):
        values = runs.draw(rng)
        equal, planted = runs.compare(values), runs.compare(values + means)
        # Intervals move with the means: one event.
        assert (np.abs(planted.difference - truth) > planted.half).any() == equal.apart.any()
        missed += bool(equal.apart.any())
    return missed / experiments


def detected(runs: Runs, experiments: int) -> float:
    """The share that tells apart what is said to be the smallest difference for these runs.

    The true spread is put in the place of the one that is seen.
    """
    rng = np.random.default_rng(SEED)
    pilots = (runs.compare(runs.draw(rng)) for _ in range(min(200, experiments)))
    sizes = [(each.smallest(0, runs.configurations - 1), each.error[0, -1]) for each in pilots]
    error = np.sqrt(2 * (1 - runs.shared) / runs.seeds)
    size = np.mean([(smallest or np.nan) / seen for smallest, seen in sizes]) * error
    means = [0.0] * (runs.configurations - 1) + [size]
    found = (runs.compare(runs.draw(rng, means)) for _ in range(experiments))
    return float(np.mean([each.apart[0, -1] for each in found]))


def forecast(experiments: int, pilot: int = 20) -> float:
    """The share of larger experiments, of the size that a pilot asks for, that decide.

    The pilot's difference and luck are the truth there, as the forecast supposes.
    """
    rng = np.random.default_rng(SEED)
    runs, decided = Runs("pilot", 3, pilot), []
    for _ in range(experiments):
        found = runs.compare(runs.draw(rng, [0.0, 0.3, 0.6]))
        wanted = runs_to_resolve(found, 0, 1)
        if wanted is None or wanted > 10_000:
            continue
        spread = found.error[0, 1] * np.sqrt(pilot)
        gains = found.difference[0, 1] + spread * rng.standard_normal(wanted)
        three = np.stack([np.zeros(wanted), gains, rng.standard_normal(wanted)], 1)
        decided.append(bool(runs.compare(three).apart[0, 1]))
    return float(np.mean(decided))


def report(experiments: int) -> Iterator[str]:
    """The tables, line by line."""
    yield "# Simulation of `depthgauge compare`"
    yield ""
    yield f"{experiments} experiments a row, alpha {ALPHA:.0%}. Luck has variance 1; half of it is"
    yield "shared by the runs of a seed unless a row says otherwise. How often any of the"
    yield "simultaneous 95 % intervals misses the truth: where nothing differs, a false alarm."
    yield ""
    yield "| runs | configurations | seeds | an interval misses |"
    yield "|---|---|---|---|"
    for runs in NULLS:
        missed = f"{alarms(runs, experiments):.1%}"
        seeds = f"{runs.few} or {runs.seeds}" if runs.few else str(runs.seeds)
        yield f"| {runs.name} | {runs.configurations} | {seeds} | {missed} |"
    yield ""
    yield "Where it does not hold: luck that is skewed, and much larger for some than for others."
    yield ""
    yield "| runs | configurations | seeds | an interval misses |"
    yield "|---|---|---|---|"
    for runs in LIMITS:
        missed = f"{alarms(runs, experiments):.1%}"
        yield f"| {runs.name} | {runs.configurations} | {runs.seeds} | {missed} |"
    yield ""
    yield "The smallest difference that is said to be told apart with a chance of 80 %, planted:"
    yield ""
    yield "| runs | told apart |"
    yield "|---|---|"
    for runs in POWERS:
        yield f"| {runs.name} | {detected(runs, experiments):.1%} |"
    yield ""
    yield "With as many runs as are said to tell a pair apart with a chance of 80 %, if difference"
    yield f"and luck are as seen, it is in {forecast(max(2, experiments // 10)):.1%}."


def main(arguments: Sequence[str] | None = None) -> None:
    options = command_line(__doc__, "compare-simulation").parse_args(arguments)
    show(report(2 if options.quick else 4000), options.write)


if __name__ == "__main__":
    main()
