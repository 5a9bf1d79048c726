"""The searches of benchmarks/search_speed.py: depthgauge's, and a plain Optuna example."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import optuna
import torch
from optuna.trial import FrozenTrial, TrialState
from torch import nn

from depthgauge.data.dataset import Dataset
from depthgauge.processes import cores
from depthgauge.search.outcome import best_value
from depthgauge.search.plan import Plan
from depthgauge.search.run import Goal, run_trials
from depthgauge.search.study import sampler_for
from depthgauge.settings.schema import Settings
from depthgauge.settings.search import SearchSection
from depthgauge.training.batches import Examples
from depthgauge.training.optimizers.adam import Adam
from depthgauge.training.recipe import Recipe
from peers import sequential

CPU = torch.device("cpu")
LOSSES = {
    "cross_entropy": nn.CrossEntropyLoss,
    "mae": nn.L1Loss,
    "mse": nn.MSELoss,
    "huber": nn.HuberLoss,
}
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


def depthgauge(plan: Plan, dataset: Dataset, trials: int) -> Searched:
    study = optuna.create_study(direction="minimize")
    clock = Clock()
    done = run_trials(study, plan, dataset, Goal(trials), CPU, cores(), lambda _: None)
    clock.stop()

    def replicate_epochs(trial: FrozenTrial) -> int:
        return len(plan.replicates) * max(trial.intermediate_values, default=0)

    return searched(done, clock, replicate_epochs)


def plain_replicate(recipe: Recipe, train: Examples, validation: Examples) -> tuple[float, int]:
    """Train one replicate: its least validation loss, and the epochs trained."""
    inputs, targets = train.inputs[0], train.targets[0]
    outputs = int(targets.max()) + 1 if recipe.loss.classes else targets.shape[1]
    network = sequential(inputs.shape[1], recipe.network.width, recipe.network.depth, outputs)
    criterion = LOSSES[recipe.loss.name]()
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe.optimizer.learning_rate)
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
        if "learning_rate" in space:
            low, high = space["learning_rate"].low, space["learning_rate"].high
            values["learning_rate"] = trial.suggest_float("learning_rate", low, high, log=True)
        if "batch_size" in space:
            values["batch_size"] = trial.suggest_categorical("batch_size", space["batch_size"])
        if "width" in space:
            low, high = space["width"].low, space["width"].high
            values["width"] = trial.suggest_int("width", low, high, log=True)
        recipe = plan.recipe_with(values)
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
        if not trial:
            study.enqueue_trial(plan.first_values())
        study.optimize(objective, n_trials=1)
    clock.stop()
    torch.set_num_threads(before)
    return searched(study.trials, clock, lambda trial: trial.user_attrs[TRAINED])


def plain_replay(plan: Plan, examples: Sequence[dict[str, Examples]], ours: Searched) -> Searched:
    """The plain loop alone, on one thread, on the very recipes and epochs of another search."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    clock, seconds = Clock(), []
    for values, replicate_epochs in zip(ours.parameters, ours.trial_epochs, strict=True):
        began = time.perf_counter()
        recipe = plan.recipe_with(values).with_values(
            {"epochs": replicate_epochs // len(plan.replicates)}
        )
        for splits in examples:
            plain_replicate(recipe, splits["train"], splits["validation"])
        seconds.append(time.perf_counter() - began)
    clock.stop()
    torch.set_num_threads(before)
    return Searched(
        clock.seconds,
        clock.processor_seconds,
        ours.parameters,
        seconds,
        ours.trial_epochs,
        ours.pruned,
        None,
    )


def one_study(settings: Settings) -> SearchSection:
    """The search of one study alone, whose share are all replicates."""
    return settings.search.model_copy(update={"studies": 1})


def comparable(settings: Settings) -> Settings:
    """What the plain example does not look up."""
    adam = Adam(learning_rate=settings.recipe.optimizer.learning_rate, weight_decay=0.0)
    plain = {"activation": "relu", "initialisation": "kaiming_uniform", "schedule": "constant"}
    recipe = settings.recipe.with_values(plain).model_copy(update={"optimizer": adam})
    return settings.model_copy(
        update={
            "recipe": recipe,
            "search": one_study(settings).model_copy(update={"objective": "validation_loss"}),
            "replicates": settings.search.replicates,
        }
    )


def small(settings: Settings) -> Settings:
    """Little enough to ask whether it runs at all."""
    search = {"studies": 1, "trials": 4, "replicates": 2, "startup_trials": 2}
    return settings.model_copy(
        update={
            "search": settings.search.model_copy(update=search),
            "recipe": settings.recipe.with_values({"epochs": 3}),
        }
    )
