"""The scaled examples that a group of replicates trains on and is measured on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from depthgauge.data.dataset import SPLIT_NAMES, Dataset, Float64Array
from depthgauge.seeds import Purpose, generator

Array = np.ndarray


@dataclass(frozen=True)
class Examples:
    """One split: inputs (S, n, F), targets (S, n, K) or (S, n) class numbers.

    S is the number of replicates in the group when each has its own split, else 1.
    """

    inputs: Tensor
    targets: Tensor

    @property
    def count(self) -> int:
        """n: the number of examples of one replicate."""
        return self.inputs.shape[1]

    def rows(self, start: int, stop: int, replicates: int) -> tuple[Tensor, Tensor]:
        """Inputs and targets of rows start to stop, as views with `replicates` in front."""
        pieces = (self.inputs[:, start:stop], self.targets[:, start:stop])
        inputs, targets = (piece.expand(replicates, *piece.shape[1:]) for piece in pieces)
        return inputs, targets

    def shuffled(self, order: Tensor) -> "Examples":
        """The examples in each replicate's own order (R, m) of row numbers."""
        if self.inputs.shape[0] > 1:
            # Row i of replicate r is row r n + i of all replicates' rows, one below the other.
            first = torch.arange(order.shape[0], device=order.device) * self.count
            order = order + first.unsqueeze(1)
        return Examples(_rows(self.inputs, order), _rows(self.targets, order))


def _rows(values: Tensor, order: Tensor) -> Tensor:
    """Rows (R, m) of (S, n, ...) seen as (S n, ...): (R, m, ...); faster than indexing."""
    chosen = values.flatten(0, 1).index_select(0, order.flatten())
    return chosen.view(*order.shape, *values.shape[2:])


def group_examples(
    dataset: Dataset, replicates: Sequence[int], device: torch.device, dtype: torch.dtype
) -> dict[str, Examples]:
    """Each split's scaled examples for the replicates of a group."""
    splits, scaling = dataset.splits, dataset.scaling
    sets = [splits.of_replicate(r) for r in replicates] if splits.resampled else [0]

    def scaled(values: Array, rows: Sequence[Array], centres: Array, scales: Array) -> Tensor:
        parts = []
        for s, i in zip(sets, rows, strict=True):
            centre, scale = centres[s].astype(np.float64), scales[s].astype(np.float64)
            part = torch.from_numpy((values[i].astype(np.float64) - centre) / scale)
            parts.append(part.to(device=device, dtype=dtype))
        return torch.stack(parts)

    examples = {}
    for name in SPLIT_NAMES:
        rows = [splits[name][s] for s in sets]
        inputs = scaled(dataset.inputs, rows, scaling.input_centre, scaling.input_scale)
        # A missing value stands for the training mean.
        inputs.nan_to_num_(nan=0.0, posinf=torch.inf, neginf=-torch.inf)
        if dataset.task != "classification":
            targets = scaled(dataset.targets, rows, scaling.target_centre, scaling.target_scale)
        elif name == "train" and dataset.train_targets is not None:
            targets = torch.from_numpy(dataset.train_targets[sets]).to(device)
        else:
            targets = torch.from_numpy(dataset.targets[np.stack(rows)]).to(device)
        examples[name] = Examples(inputs, targets)
    return examples


def target_scale(dataset: Dataset, replicates: Sequence[int]) -> Float64Array:
    """(R,) the standard deviation by which each replicate's targets are divided.

    1 with classes, and where columns of several units are divided each by its own: there a mean
    over them is one of standard deviations.
    """
    if dataset.task == "classification" or dataset.has_several_units:
        return np.ones(len(replicates))
    scale = dataset.scaling.target_scale
    sets = [dataset.splits.of_replicate(r) for r in replicates]
    return scale[sets, 0].astype(np.float64)


class BatchOrder:
    """Each replicate's order of the training rows, a fresh permutation for every epoch.

    It depends on the seed and the replicate alone, so it is the same at every point.
    """

    def __init__(self, seed: int, replicates: Sequence[int]) -> None:
        self.streams = [generator(seed, Purpose.BATCH_ORDER, r) for r in replicates]

    def next_epoch(self, count: int, device: torch.device) -> Tensor:
        """(R, count) row numbers of the next epoch."""
        order = np.stack([stream.permutation(count) for stream in self.streams])
        return torch.from_numpy(order).to(device)
