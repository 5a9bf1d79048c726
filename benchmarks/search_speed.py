"""Trials a minute of a search, side by side with a plain Optuna example in one run.

Run: PYTHONPATH=src python benchmarks/search_speed.py [--depth 3] [--write]

Both search the same space with the same sampler, the same number of trials, replicates and epochs,
on the same splits, with the studies in memory. The plain example is what Optuna's documentation
shows: an objective that trains an nn.Sequential in a plain loop, one replicate after the other,
and tells the mean so far of its replicates' least validation losses after each of them, where its
median pruner may end the trial. (The mean over all replicates at an epoch, by which depthgauge
prunes, is not known before the last replicate is trained.) Both leave the first third alone.

In favour of the plain example: its data are scaled tensors before the clock starts, it measures no
more than the validation loss, and of several numbers of threads the fastest counts. The recipe is
the experiment's, but always Adam, ReLU, default initial weights and validation loss.

Pruned trials are shorter, so what is compared is replicate-epochs a minute. The trials before the
sampler begins are the same recipes in both and none of them is pruned: they stand by themselves.
"""

import argparse
import itertools
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
import torch
from optuna.trial import FrozenTrial, TrialState
from torch import nn

from depthgauge.core.data.prepared import Prepared, without_test
from depthgauge.core.training.examples import Examples, group_examples
from depthgauge.core.training.recipe import Recipe
from depthgauge.search.outcome import best_value
from depthgauge.search.plan import Plan
from depthgauge.search.run import run_trials
from depthgauge.search.study import sampler_for
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.stages.data import prepare_data
from depthgauge.stages.search import plan_of
from depthgauge.stages.train import cores

FOLDER = Path(__file__).resolve().parent.parent
CPU = torch.device("cpu")
LOSSES = {"cross_entropy": nn.CrossEntropyLoss, "mse": nn.MSELoss, "mae": nn.L1Loss}
TRAINED = "replicate-epochs"  # attribute of a plain trial: how many it trained


@dataclass(frozen=True)
class Searched:
    """One search: its seconds, and those of processors; what each of its trials was and took."""

    seconds: float
    processor_seconds: float
    parameters: list[dict[str, Any]]
    trial_seconds: list[float]
    trial_epochs: list[int]
    pruned: int
    best: float | None

    @property
    def rate(self) -> float:
        """Replicate-epochs a minute."""
        return 60 * sum(self.trial_epochs) / self.seconds

    def rate_of_first(self, trials: int) -> float:
        """Replicate-epochs a minute of the first trials."""
        return 60 * sum(self.trial_epochs[:trials]) / sum(self.trial_seconds[:trials])


Search = Callable[[], Searched]


class Clock:
    """Seconds from its making to `stop`, and seconds of processors in this process."""

    def __init__(self) -> None:
        self._began, self._processor_began = time.perf_counter(), time.process_time()
        self.seconds = self.processor_seconds = 0.0

    def stop(self) -> None:
        self.seconds = time.perf_counter() - self._began
        self.processor_seconds = time.process_time() - self._processor_began


def searched(
    trials: Sequence[FrozenTrial], clock: Clock, replicate_epochs: Callable[[FrozenTrial], int]
) -> Searched:
    return Searched(
        clock.seconds,
        clock.processor_seconds,
        [trial.params for trial in trials],
        [trial.duration.total_seconds() for trial in trials if trial.duration is not None],
        [replicate_epochs(trial) for trial in trials],
        sum(trial.state is TrialState.PRUNED for trial in trials),
        best_value(trials),
    )


def depthgauge(plan: Plan, prepared: Prepared, trials: int) -> Searched:
    study = optuna.create_study(direction="minimize")
    clock = Clock()
    done = run_trials(study, plan, prepared, trials, CPU, cores(), lambda _: None)
    clock.stop()

    def replicate_epochs(trial: FrozenTrial) -> int:
        return plan.replicates * max(trial.intermediate_values, default=0)

    return searched(done, clock, replicate_epochs)


def plain_replicate(recipe: Recipe, train: Examples, validation: Examples) -> tuple[float, int]:
    """Train one replicate: its least validation loss, and the epochs trained."""
    inputs, targets = train.inputs[0], train.targets[0]
    outputs = int(targets.max()) + 1 if recipe.loss == "cross_entropy" else targets.shape[1]
    sizes = [inputs.shape[1], *[recipe.width] * recipe.depth, outputs]
    layers = [m for a, b in itertools.pairwise(sizes) for m in (nn.Linear(a, b), nn.ReLU())][:-1]
    network, criterion = nn.Sequential(*layers), LOSSES[recipe.loss]()
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate)
    least = float("inf")
    for epoch in range(recipe.epochs):
        for rows in torch.randperm(len(inputs)).split(recipe.batch_size):
            optimizer.zero_grad()
            criterion(network(inputs[rows]), targets[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            loss = criterion(network(validation.inputs[0]), validation.targets[0]).item()
        if loss != loss:
            return loss, epoch + 1
        least = min(least, loss)
    return least, recipe.epochs


def plain_optuna(
    plan: Plan, examples: Sequence[dict[str, Examples]], trials: int, threads: int
) -> Searched:
    """Optuna's own study.optimize, an objective, and report and should_prune in it."""

    def objective(trial: optuna.Trial) -> float:
        space, values = plan.space, {}
        if space.learning_rate is not None:
            low, high = space.learning_rate
            values["learning_rate"] = trial.suggest_float("learning_rate", low, high, log=True)
        if space.batch_size is not None:
            values["batch_size"] = trial.suggest_categorical("batch_size", space.batch_size)
        if space.width is not None:
            values["width"] = trial.suggest_int("width", *space.width, log=True)
        recipe = plan.recipe(values)
        losses, trained = [], 0
        for replicate, splits in enumerate(examples):
            loss, epochs = plain_replicate(recipe, splits["train"], splits["validation"])
            losses.append(loss)
            trained += epochs
            trial.set_user_attr(TRAINED, trained)
            trial.report(statistics.fmean(losses), replicate)
            if trial.should_prune():
                raise optuna.TrialPruned
        return statistics.fmean(losses)

    pruner = optuna.pruners.NopPruner()
    if plan.pruner == "median":
        warmup = len(examples) // 3
        pruner = optuna.pruners.MedianPruner(plan.startup_trials, n_warmup_steps=warmup)
    study = optuna.create_study(direction="minimize", pruner=pruner)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    clock = Clock()
    for trial in range(trials):
        # Seeded as depthgauge's, so that the random trials are the same recipes.
        study.sampler = sampler_for(plan, trial)
        study.optimize(objective, n_trials=1)
    clock.stop()
    torch.set_num_threads(before)
    return searched(study.trials, clock, lambda trial: trial.user_attrs[TRAINED])


def comparable(settings: Settings) -> Settings:
    """What the plain example does not look up."""
    recipe = {
        "activation": "relu",
        "initialisation": "default",
        "optimizer": "adam",
        "weight_decay": 0.0,
    }
    return settings.model_copy(
        update={
            "recipe": settings.recipe.model_copy(update=recipe),
            "search": settings.search.model_copy(update={"objective": "validation_loss"}),
            "replicates": settings.search.replicates,
        }
    )


def entrants(settings: Settings, depth: int, threads: Sequence[int]) -> dict[str, Search]:
    """Each search by its name; the plain one with each number of threads."""
    prepared = prepare_data(FOLDER, settings).prepared
    # Studies in memory are never told apart by the digest of their data.
    plan = plan_of(settings, depth, {"digests": {}})
    trials, seen = settings.search.trials, without_test(prepared, plan.replicates)
    examples = [group_examples(seen, [r], CPU, torch.float32) for r in range(plan.replicates)]
    ways = {
        f"plain Optuna and PyTorch, threads {count}": lambda t=count: plain_optuna(
            plan, examples, trials, t
        )
        for count in threads
    }
    return {"depthgauge": lambda: depthgauge(plan, seen, trials), **ways}


def rows(measured: dict[str, list[Searched]], epochs: int, startup: int) -> Iterator[str]:
    """Markdown rows: medians over the turns; a ratio is the median of those within the turns."""
    ours = measured["depthgauge"]
    for name, turns in measured.items():
        spent = statistics.median(turn.seconds for turn in turns)
        trials = statistics.median(60 * len(t.trial_epochs) / t.seconds for t in turns)
        rate = statistics.median(turn.rate for turn in turns)
        pairs = list(zip(ours, turns, strict=True))
        ratio = statistics.median(a.rate / b.rate for a, b in pairs)
        same = statistics.median(
            a.rate_of_first(startup) / b.rate_of_first(startup) for a, b in pairs
        )
        busy = statistics.median(turn.processor_seconds for turn in turns)
        pruned = statistics.median(turn.pruned for turn in turns)
        best = statistics.median(turn.best for turn in turns)
        yield (
            f"| {name} | {spent:.1f} | {busy:.1f} | {pruned:.0f} | {best:.4g} | {trials:.1f} "
            f"| {rate:.0f} | {rate / epochs:.0f} | {ratio:.1f} | {same:.1f} |"
        )


def report(settings: Settings, depth: int, turns: int, threads: Sequence[int]) -> Iterator[str]:
    search, epochs = settings.search, settings.training.epochs
    startup = min(search.startup_trials, search.trials)
    measured: dict[str, list[Searched]] = {}
    everybody = entrants(settings, depth, threads)
    for _ in range(turns):
        for name, run in everybody.items():
            measured.setdefault(name, []).append(run())
    plain = [name for name in measured if name != "depthgauge"]
    fastest = max(plain, key=lambda name: statistics.median(t.rate for t in measured[name]))
    found = [
        ours.rate / other.rate
        for ours, other in zip(measured["depthgauge"], measured[fastest], strict=True)
    ]
    yield f"Depth {depth}, {search.trials} trials of {search.replicates} replicates and {epochs}"
    yield f"epochs, sampler {search.sampler}, pruner {search.pruner}; medians of {turns} turns, in"
    yield f"which all run one after the other. {cores()} cores ({platform.machine()}), PyTorch"
    yield f"{torch.__version__}, Optuna {optuna.__version__}."
    yield ""
    yield "A replicate-training is as many replicate-epochs as one that is never pruned. The last"
    yield "two columns are how many times as many of them a minute depthgauge trains: in the whole"
    yield f"search, and in its first {startup} trials, the same recipes for all and none pruned."
    yield ""
    yield (
        "| | seconds | of processors | pruned | best | trials a minute | replicate-epochs a minute "
        f"| replicate-trainings a minute | times | times, first {startup} |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    yield from rows(measured, epochs, startup)
    yield ""
    yield f"Against {fastest}, the fastest way: {statistics.median(found):.1f} times as many"
    yield f"replicate-trainings a minute ({min(found):.1f} to {max(found):.1f} over the turns)."


def small(settings: Settings) -> Settings:
    """Little enough to ask whether it runs at all."""
    search = {"trials": 4, "replicates": 2, "startup_trials": 2}
    return settings.model_copy(
        update={
            "search": settings.search.model_copy(update=search),
            "training": settings.training.model_copy(update={"epochs": 3}),
        }
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument(
        "--threads", type=int, nargs="+", default=sorted({1, cores()}), help="of the plain example"
    )
    parser.add_argument("--quick", action="store_true", help="a few epochs: does it run at all?")
    parser.add_argument("--write", action="store_true", help="write results/search-speed.md")
    options = parser.parse_args(arguments)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    settings = load_settings(FOLDER)
    if options.quick:
        # More threads wait for each other where the machine is busy.
        options.turns, options.threads, settings = 1, [1], small(settings)
    # The first optimizer of a process imports PyTorch's compiler, whoever makes it.
    torch.optim.Adam([torch.zeros(1, requires_grad=True)])
    given = f"--depth {options.depth} --turns {options.turns}"
    lines = [
        "# Speed of the search",
        "",
        f"`PYTHONPATH=src python benchmarks/search_speed.py {given} "
        f"--threads {' '.join(map(str, options.threads))}`",
        "",
        *report(comparable(settings), options.depth, options.turns, options.threads),
    ]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.write:
        path = Path(__file__).parent / "results" / "search-speed.md"
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
