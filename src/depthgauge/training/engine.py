"""Train a group of replicates of one point, all at once, as one batched tensor program."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from depthgauge.data.dataset import SPLIT_NAMES, Dataset
from depthgauge.seeds import Purpose, generator
from depthgauge.statistics.stopping import STOPPINGS, BestEpoch, stopped
from depthgauge.training.batches import BatchOrder, Examples, group_examples
from depthgauge.training.networks.network import Layout
from depthgauge.training.optimizers.optimizer import Step, learning_rates
from depthgauge.training.recipe import Recipe
from depthgauge.training.regularisation import Regulariser
from depthgauge.training.runs import Runs
from depthgauge.training.state import Keep, State, set_words, words_of
from depthgauge.training.threads import one_thread

# Shuffled inputs are gathered for several steps at once, but no more bytes than the caches hold.
GATHER_BYTES = 2**21
# Rows go through the network in pieces of this size, to stay in the caches. It is part of the
# result's last bits, so it depends on nothing.
ROWS_AT_ONCE = 256
# The learning rate of each step to come.
Rates = Iterator[float]


@dataclass(frozen=True)
class Job:
    """What is trained: a recipe on a data set, with a seed, and what computes it."""

    dataset: Dataset
    recipe: Recipe
    seed: int
    device: torch.device
    dtype: torch.dtype = torch.float32

    @property
    def layout(self) -> Layout:
        """Where the parameters of a replicate lie."""
        return self.recipe.network.layout(self.dataset.input_shape, self.dataset.outputs)

    @property
    def one_by_one(self) -> bool:
        """Whether replicates go one after the other."""
        return self.recipe.network.one_by_one(self.dataset.input_shape, self.dataset.outputs)


def train_group(
    job: Job,
    replicates: Sequence[int],
    on_epoch: Callable[[int, dict[str, np.ndarray]], None],
    begun: State | None = None,
    keep: Keep | None = None,
) -> Runs:
    """Train `replicates` and measure every split after every epoch.

    on_epoch(epoch, curves so far (R, epoch)) is called after each epoch, counted from 1. Stopping
    `last` keeps the weights after the last epoch; `validation` keeps, for each replicate, those of
    the epoch of least validation loss (the first of equals; the last where none is finite).

    begun: where these replicates stood after an earlier epoch, to go on from. keep: is told after
    each epoch but the last how to take such a state.

    One replicate alone would take another path through the matrix library and differ in the last
    bits, so it is trained beside a copy of itself.
    """
    if len(replicates) == 1:
        twice = begun and begun.take([0, 0])
        once: Keep | None = keep and (lambda state: keep(lambda: state().take([0])))
        return train_group(job, [*replicates] * 2, on_epoch, twice, once).take(slice(1))
    with torch.no_grad(), one_thread():
        group, examples = start_group(job, replicates)
        measured = ("loss", "error") if job.recipe.loss.classes else ("loss",)
        curves = {
            f"{split}_{quantity}": np.full((len(replicates), job.recipe.epochs), np.nan)
            for quantity in measured
            for split in SPLIT_NAMES
        }
        best = BestEpoch(len(replicates))
        kept = group.flat.clone()
        if begun is not None:
            group.go_on(begun)
            kept.copy_(torch.from_numpy(begun.best))
            for name, curve in begun.curves.items():
                curves[name][:, : begun.epoch] = curve
            for epoch in range(begun.epoch):
                best.update(epoch, curves["validation_loss"][:, epoch])
        for epoch in group.train(examples["train"]):
            for split in SPLIT_NAMES:
                for quantity, values in zip(measured, group.measure(examples[split]), strict=True):
                    curves[f"{split}_{quantity}"][:, epoch] = values.cpu().numpy()
            better = torch.from_numpy(best.update(epoch, curves["validation_loss"][:, epoch]))
            better = better.to(job.device)
            kept[better] = group.flat[better]
            so_far = {name: curve[:, : epoch + 1] for name, curve in curves.items()}
            if keep is not None and epoch + 1 < job.recipe.epochs:
                keep(partial(group.state, kept, so_far))
            on_epoch(epoch + 1, so_far)
        weights, test_losses = {}, {}
        for stopping, flat in zip(STOPPINGS, (group.flat, kept), strict=True):
            group.flat.copy_(flat)
            state = group.layout.state(flat)
            weights[stopping] = {name: tensor.cpu().numpy() for name, tensor in state.items()}
            test_losses[stopping] = group.losses(examples["test"]).cpu().numpy()
        return Runs(np.asarray(replicates), curves, stopped(curves), weights, test_losses)


def train_for_losses(
    job: Job, replicates: Sequence[int], split: str, on_epoch: Callable[[int, np.ndarray], None]
) -> None:
    """Train as `train_group` does, but measure the losses of one split and keep nothing else.

    on_epoch(epoch, losses so far (R, epoch)) is called after each epoch, counted from 1. A search
    asks for no more, and measuring is a third of the work of networks this small.
    """
    asked = [*replicates] * 2 if len(replicates) == 1 else replicates
    with torch.no_grad(), one_thread():
        group, examples = start_group(job, asked)
        losses = np.full((len(asked), job.recipe.epochs), np.nan)
        for epoch in group.train(examples["train"]):
            losses[:, epoch] = _mean(group.losses(examples[split])).cpu().numpy()
            on_epoch(epoch + 1, losses[: len(replicates), : epoch + 1])


def start_group(job: Job, replicates: Sequence[int]) -> tuple["Group", dict[str, Examples]]:
    """The replicates before their first step, and their examples."""
    rows = np.stack([job.layout.initial_row(job.seed, r) for r in replicates])
    flat = torch.from_numpy(rows).to(device=job.device, dtype=job.dtype)
    examples = group_examples(job.dataset, replicates, job.device, job.dtype)
    return Group(job, replicates, flat), examples


class Group:
    """R replicates on their way: flat parameters (R, P), their gradients, and views of both."""

    def __init__(self, job: Job, replicates: Sequence[int], flat: Tensor) -> None:
        self.recipe, self.layout = job.recipe, job.layout
        self.flat, self.gradient = flat, torch.zeros_like(flat)
        self.memory, self.order = (
            self.recipe.optimizer.memory(flat),
            BatchOrder(job.seed, replicates),
        )
        self._replicates, self._done = replicates, 0
        self._draws = [generator(job.seed, Purpose.DROPOUT, r) for r in replicates]
        self._p, self._gradients = self.layout.views(flat), self.layout.trained(self.gradient)
        self._buffers = list(self.layout.buffers(flat).values())
        self._regulariser = Regulariser(self.recipe.regularisation, job.seed, replicates)
        self._program = job.recipe.network.program(job.dataset.input_shape, job.dataset.outputs)
        # Examples lie flat, (R, B, F), until the network sees them.
        seen = job.recipe.network.seen_shape(job.dataset.input_shape)
        self._shape = seen if len(seen) > 1 else None

    @classmethod
    def load(cls, job: Job, replicates: Sequence[int], state: dict[str, Tensor]) -> "Group":
        """Trained replicates, from what `Layout.state` gave of them."""
        group = cls(job, replicates, torch.zeros(len(replicates), job.layout.row_length))
        job.layout.load(group.flat, state)
        return group

    @property
    def _streams(self) -> tuple[list[np.random.Generator], ...]:
        """All that its replicates draw from, a list of one each."""
        return self.order.streams, self._draws, self._regulariser.streams

    def state(self, best: Tensor, curves: dict[str, np.ndarray]) -> State:
        """Where it stands; best and curves: what was measured so far."""
        columns = [[words_of(stream) for stream in streams] for streams in self._streams]
        return State(
            np.asarray(self._replicates),
            np.full(len(self._replicates), self._done),
            self.flat.cpu().numpy(),
            best.cpu().numpy(),
            tuple(kept.cpu().numpy() for kept in self.memory),
            curves,
            np.stack(columns, 1),
        )

    def go_on(self, begun: State) -> None:
        """Stand where `state` was taken."""
        self._done = begun.epoch
        self.flat.copy_(torch.from_numpy(begun.flat))
        for kept, values in zip(self.memory, begun.memory, strict=True):
            kept.copy_(torch.from_numpy(values))
        for k, streams in enumerate(self._streams):
            for stream, words in zip(streams, begun.streams[:, k], strict=True):
                set_words(stream, words)

    def train(self, train: Examples) -> Iterator[int]:
        """Train, and stop after each epoch (0, 1, ...) for whoever wants to look."""
        recipe, optimizer = self.recipe, self.recipe.optimizer
        of_epoch = -(-train.count // recipe.batch_size)
        done = self._done * of_epoch
        step = optimizer.start(self.flat, self.gradient, self.memory, done)
        all_rates = learning_rates(
            optimizer.learning_rate, recipe.schedule, recipe.epochs * of_epoch
        )
        rates = iter(all_rates[done:])
        for epoch in range(self._done, recipe.epochs):
            order = self.order.next_epoch(train.count, self.flat.device)
            self.train_epoch(train, order, step, rates)
            self._done = epoch + 1
            yield epoch

    def train_epoch(self, train: Examples, order: Tensor, step: Step, rates: Rates) -> None:
        """One pass over the training rows in each replicate's own order (R, n)."""
        (replicates, count), size = order.shape, self.recipe.batch_size
        loss = self.recipe.loss
        row_bytes = replicates * train.inputs.shape[2] * train.inputs.element_size()
        gathered = max(1, GATHER_BYTES // (row_bytes * size)) * size
        for first in range(0, count, gathered):
            piece = train.shuffled(order[:, first : first + gathered])
            # `shuffled` has given every replicate rows of its own.
            batches = (torch.split(rows, size, 1) for rows in (piece.inputs, piece.targets))
            for inputs, targets in zip(*batches, strict=True):
                changed, by = self._regulariser.batch(inputs, targets, loss)
                x = self._seen(changed)
                self._program.backward(self._p, self._gradients, x, targets, by, self._noise)
                self._regulariser.clip(self.gradient)
                self._step(step, next(rates))

    def _step(self, step: Step, rate: float) -> None:
        """Of the optimizer, whose weight decay is none of the buffers' business."""
        kept = [buffer.clone() for buffer in self._buffers]
        step(rate)
        for buffer, before in zip(self._buffers, kept, strict=True):
            buffer.copy_(before)

    def measure(self, examples: Examples) -> list[Tensor]:
        """The mean loss and, with classes, the share of wrong ones: each (R,) float64.

        A split without rows, as a search's test split is, gives NaN.
        """
        classes = self.recipe.loss.classes
        of_pieces = [
            # Wrong is where the greatest output is not the target's class.
            (loss, (outputs.argmax(-1) != targets).to(outputs.dtype)) if classes else (loss,)
            for outputs, targets, loss in self._pieces(examples)
        ]
        return [_mean(torch.cat(values, 1)) for values in zip(*of_pieces, strict=True)]

    def losses(self, examples: Examples) -> Tensor:
        """The loss (R, n) of each example."""
        return torch.cat([losses for _, _, losses in self._pieces(examples)], 1)

    def outputs(self, examples: Examples) -> Tensor:
        """(R, n, K) what the networks say of each example."""
        return torch.cat([outputs for outputs, _, _ in self._pieces(examples)], 1)

    def _pieces(self, examples: Examples) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Outputs, targets and losses of the examples, some at a time."""
        recipe = self.recipe
        for start in range(0, max(1, examples.count), ROWS_AT_ONCE):
            inputs, targets = examples.rows(start, start + ROWS_AT_ONCE, self.flat.shape[0])
            outputs = self._program.forward(self._p, self._seen(inputs), None)
            yield outputs, targets, recipe.loss.per_example(outputs, targets)

    def _seen(self, inputs: Tensor) -> Tensor:
        return inputs if self._shape is None else inputs.reshape(*inputs.shape[:2], *self._shape)

    def _noise(self, shape: tuple[int, ...]) -> Tensor:
        """Draws of each replicate's own, whoever else is in the group; step after step."""
        rows = np.empty((len(self._draws), *shape), np.float32)
        for rng, row in zip(self._draws, rows, strict=True):
            rng.random(out=row, dtype=np.float32)
        return torch.from_numpy(rows).to(self.flat)


def _mean(values: Tensor) -> Tensor:
    """(R, n) -> (R,) in float64, so that the mean adds no rounding of its own; NaN for n = 0."""
    return values.double().mean(1)
