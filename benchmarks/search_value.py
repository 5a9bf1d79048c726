"""What the search brings over random search at the same budget, and over the recipe `fixed`.

Run: PYTHONPATH=src python benchmarks/search_value.py [--depths 1 3 5] [--seeds 5] [--write]

Each study seed draws its own splits, initial weights, batch orders and trials, so that studies are
whole repetitions. At each depth and seed the search runs as params.yaml configures it, and again
with the sampler `random` and without a pruner. The trials before the sampler begins are random in
both, so they are trained once and shared.

The value that a search found is the least of many, which flatters it. What was found is therefore
trained once more, on replicates that the search never saw, and so is the recipe `fixed`.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import optuna
from optuna.trial import FrozenTrial
from scipy import stats

from depthgauge.artifacts.raw import prepare_data
from depthgauge.data.dataset import Dataset, without_test
from depthgauge.processes import cores
from depthgauge.progress import say
from depthgauge.search.outcome import Outcome, Row, outcome
from depthgauge.search.plan import Plan, make_plan
from depthgauge.search.run import Goal, run_trials
from depthgauge.search.trial import train_trial
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.training.engine import Job
from depthgauge.training.machine import training_device
from depthgauge.training.recipe import Recipe
from searches import one_study, small
from table import command_line, show

FOLDER = Path(__file__).resolve().parent.parent
RECIPES = ("fixed", "random", "searched")

Number = Callable[["Found"], float]


@dataclass(frozen=True)
class Found:
    """One depth and study seed: both searches, and each recipe's value on fresh replicates."""

    depth: int
    seed: int
    searched: Outcome
    random: Outcome
    recipes: dict[str, Recipe]
    fresh: dict[str, float]

    @property
    def random_at_equal_epochs(self) -> float:
        """The best of the random trials that fit into the epochs that the search spent."""
        return best_within(self.random.trials, epochs(self.searched.trials))


def epochs(trials: Sequence[Row]) -> int:
    """Epochs of training, of all replicates of a trial at once."""
    return sum(row["epochs"] for row in trials)


def best_within(trials: Sequence[Row], budget: int) -> float:
    """The best value found before `budget` epochs were spent; infinite if none was."""
    spent, best = 0, float("inf")
    for row in trials:
        spent += row["epochs"]
        if spent > budget:
            break
        best = best if row["best_so_far"] is None else row["best_so_far"]
    return best


def finished(
    plan: Plan, dataset: Dataset, settings: Settings, already: Sequence[FrozenTrial]
) -> list[FrozenTrial]:
    """The trials of a study in memory, which starts with those there `already`."""
    study = optuna.create_study(direction="minimize")
    study.add_trials(already)
    return run_trials(
        study,
        plan,
        without_test(dataset, plan.replicates),
        Goal(settings.search.trials),
        training_device(settings.training.device),
        cores(),
        lambda _: None,
    )


def found(folder: Path, settings: Settings, depth: int, fresh: int) -> Found:
    """Both searches at a depth, and what they found measured on `fresh` replicates."""
    search = settings.search
    update = {"search": one_study(settings), "replicates": search.replicates + fresh}
    settings = settings.model_copy(update=update)
    dataset = prepare_data(folder, settings).dataset
    # Studies in memory are never told apart by the digest of their data.
    plan = make_plan(settings, "tuned", depth, 0, {"digests": {}})
    trials = finished(plan, dataset, settings, [])
    plainly = replace(plan, sampler="random", pruner="none")
    shared = trials[: search.startup_trials]
    results = {
        "searched": outcome(plan, trials),
        "random": outcome(plainly, finished(plainly, dataset, settings, shared)),
    }
    recipes = {"fixed": plan.base, **{name: result.recipe for name, result in results.items()}}
    seen, device = without_test(dataset, range(settings.looks[-1])), training_device("cpu")
    others = range(search.replicates, settings.looks[-1])
    jobs = {name: Job(seen, recipe, settings.seed, device) for name, recipe in recipes.items()}
    values = {
        name: train_trial(job, plan.objective, others, cores(), lambda *_: False)
        for name, job in jobs.items()
    }
    return Found(depth, settings.seed, results["searched"], results["random"], recipes, values)


def spread(values: Sequence[float]) -> str:
    """Median, and the range in parentheses."""
    return f"{statistics.median(values):.4g} ({min(values):.4g} to {max(values):.4g})"


def by_depth(all_found: Sequence[Found]) -> Iterator[tuple[int, list[Found]]]:
    for depth in sorted({one.depth for one in all_found}):
        yield depth, [one for one in all_found if one.depth == depth]


def in_the_search(all_found: Sequence[Found]) -> Iterator[str]:
    """Best value so far after some trials, and epochs spent, by the search and at random."""
    yield "| depth | trials | search: best | epochs | random: best | epochs | search is lower in |"
    yield "|---|---|---|---|---|---|---|"
    for depth, ones in by_depth(all_found):
        most = len(ones[0].searched.trials)
        for count in sorted({-(-most * part // 4) for part in (2, 3, 4)}):
            searched = [one.searched.trials[:count] for one in ones]
            random = [one.random.trials[:count] for one in ones]
            best = [[best_within(t, epochs(t)) for t in side] for side in (searched, random)]
            spent = [statistics.median(map(epochs, side)) for side in (searched, random)]
            lower = sum(a < b for a, b in zip(*best, strict=True))
            yield (
                f"| {depth} | {count} | {spread(best[0])} | {spent[0]:.0f} "
                f"| {spread(best[1])} | {spent[1]:.0f} | {lower} of {len(ones)} |"
            )


def on_fresh_replicates(all_found: Sequence[Found]) -> Iterator[str]:
    """Each recipe's loss on replicates that no search saw, and relative to `fixed`."""
    yield "| depth | recipe | rate, batch, width (medians) | loss | over fixed's | below fixed |"
    yield "|---|---|---|---|---|---|"
    for depth, ones in by_depth(all_found):
        for name in RECIPES:
            recipes = [one.recipes[name] for one in ones]
            chosen = ", ".join(
                f"{statistics.median(values):.3g}"
                for values in (
                    [recipe.optimizer.learning_rate for recipe in recipes],
                    [recipe.batch_size for recipe in recipes],
                    [recipe.network.width for recipe in recipes],
                )
            )
            shares = [one.fresh[name] / one.fresh["fixed"] for one in ones]
            below = f"{sum(share < 1 for share in shares)} of {len(ones)}"
            compared = "| | |" if name == "fixed" else f"| {spread(shares)} | {below} |"
            yield (
                f"| {depth} | {name} | {chosen} | {spread([one.fresh[name] for one in ones])} "
                f"{compared}"
            )


def compared(what: str, all_found: Sequence[Found], ours: Number, other: Number) -> str:
    """A sentence: by how much `ours` is lower, with an interval over seeds.

    The depths of one seed share its splits, so that the seed is the unit: the mean of the logarithm
    of the ratio over its depths.
    """
    logs = {
        seed: np.log([ours(one) / other(one) for one in all_found if one.seed == seed]).mean()
        for seed in sorted({one.seed for one in all_found})
    }
    values = np.array(list(logs.values()))
    ratio, lower = float(np.exp(values.mean())), int((values < 0).sum())
    said = f"- {what}: ratio {ratio:.3f}"
    if values.size < 2 or not values.std():
        return f"{said}; one seed tells no luck from a difference"
    low, high = np.exp(stats.ttest_1samp(values, 0).confidence_interval(0.95))
    told = "told apart" if high < 1 or low > 1 else "not told apart by these seeds"
    return (
        f"{said} (95 % interval {low:.3f} to {high:.3f} over {values.size} seeds), lower with "
        f"{lower} of them; {told}"
    )


def comparisons(all_found: Sequence[Found]) -> Iterator[str]:
    """All depths together, as geometric means."""
    for what, ours, other in (
        (
            "search against random, in the search, at as many trials",
            lambda one: one.searched.value,
            lambda one: one.random.value,
        ),
        (
            "search against random, in the search, at no more epochs",
            lambda one: one.searched.value,
            lambda one: one.random_at_equal_epochs,
        ),
        (
            "search against random, on fresh replicates",
            lambda one: one.fresh["searched"],
            lambda one: one.fresh["random"],
        ),
        (
            "search against the recipe `fixed`, on fresh replicates",
            lambda one: one.fresh["searched"],
            lambda one: one.fresh["fixed"],
        ),
        (
            "random against the recipe `fixed`, on fresh replicates",
            lambda one: one.fresh["random"],
            lambda one: one.fresh["fixed"],
        ),
    ):
        yield compared(what, all_found, ours, other)


def report(
    folder: Path, settings: Settings, depths: Sequence[int], seeds: Sequence[int], fresh: int
) -> Iterator[str]:
    search = settings.search
    all_found = []
    for seed in seeds:
        for depth in depths:
            one = found(folder, settings.model_copy(update={"seed": seed}), depth, fresh)
            told = ", ".join(f"{name} {value:.4g}" for name, value in one.fresh.items())
            say(f"search value: seed {seed}, depth {depth}: on fresh replicates {told}")
            all_found.append(one)
    yield f"{search.trials} trials a study, the first {search.startup_trials} of them random and"
    yield f"shared; {search.replicates} replicates a trial, {settings.recipe.epochs} epochs,"
    yield f"objective {search.objective}. Search: sampler {search.sampler}, pruner {search.pruner}."
    yield f"Study seeds {', '.join(map(str, seeds))} (the experiment's own is {settings.seed}):"
    yield "medians over them, ranges in parentheses. Epochs: of all replicates of a trial at once."
    yield "The depths of one seed share its splits."
    yield ""
    yield "## In the search: best value so far"
    yield ""
    yield from in_the_search(all_found)
    yield ""
    yield f"## What was found, on {fresh} fresh replicates"
    yield ""
    yield from on_fresh_replicates(all_found)
    yield ""
    yield "## All depths together"
    yield ""
    yield from comparisons(all_found)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = command_line(__doc__, "search-value")
    parser.add_argument("--depths", type=int, nargs="+", default=[1, 3, 5])
    parser.add_argument("--seeds", type=int, default=5, help="how many study seeds")
    parser.add_argument("--fresh", type=int, default=24, help="fresh replicates")
    options = parser.parse_args(arguments)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    settings = load_settings(FOLDER)
    if options.quick:
        options.depths, options.seeds, options.fresh = [1, 3], 2, 2
        settings = small(settings)
    seeds = [settings.seed + 1 + k for k in range(options.seeds)]
    given = f"--depths {' '.join(map(str, options.depths))} --seeds {options.seeds}"
    lines = [
        f"# What the search brings: {settings.experiment}",
        "",
        f"`PYTHONPATH=src python benchmarks/search_value.py {given} --fresh {options.fresh}`",
        "",
        *report(FOLDER, settings, options.depths, seeds, options.fresh),
    ]
    show(lines, options.write)


if __name__ == "__main__":
    main()
