"""A fully connected network of any depth, for many replicates at once.

The parameters of all replicates live in one flat tensor (R, P): a row for each replicate, layer
after layer, weight then bias. Each layer's weight (R, in, out) and bias (R, 1, out) are views into
it, so one optimizer step moves every replicate and no replicate can touch another's row.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from torch import Tensor

from depthgauge.seeds import Purpose, generator
from depthgauge.training.recipe import Initialisation

# A row is padded to whole vector registers for any power of two of threads up to 4, so that an
# element meets the same instructions whichever replicates share the tensor.
ROW_MULTIPLE = 64


@dataclass(frozen=True)
class Architecture:
    """The shape of a network: inputs -> depth hidden layers of `width` -> outputs."""

    inputs: int
    outputs: int
    depth: int
    width: int

    @property
    def layer_sizes(self) -> list[tuple[int, int]]:
        """(in, out) of each of the depth + 1 layers of weights."""
        sizes = [self.inputs, *[self.width] * self.depth, self.outputs]
        return list(pairwise(sizes))

    @property
    def parameter_count(self) -> int:
        """Weights and biases of one replicate."""
        return sum(fan_in * fan_out + fan_out for fan_in, fan_out in self.layer_sizes)

    @property
    def row_length(self) -> int:
        """P: the parameter count, padded."""
        return -(-self.parameter_count // ROW_MULTIPLE) * ROW_MULTIPLE


def layer_views(flat: Tensor, architecture: Architecture) -> list[tuple[Tensor, Tensor]]:
    """The (weight (R, in, out), bias (R, 1, out)) of each layer, as views into `flat` (R, P)."""
    replicates, views, start = flat.shape[0], [], 0
    for fan_in, fan_out in architecture.layer_sizes:
        middle, end = start + fan_in * fan_out, start + fan_in * fan_out + fan_out
        weight = flat[:, start:middle].view(replicates, fan_in, fan_out)
        views.append((weight, flat[:, middle:end].view(replicates, 1, fan_out)))
        start = end
    return views


def initial_parameters(
    architecture: Architecture, initialisation: Initialisation, seed: int, replicate: int
) -> np.ndarray:
    """One replicate's row (P,) of initial weights, float64, padding zero.

    `default` is what torch.nn.Linear does: weight and bias uniform in +-1/sqrt(fan_in). `kaiming`
    is He et al. 2015, equation 10: weights normal with variance 2/fan_in, biases zero.
    """
    rng = generator(seed, Purpose.INITIALISATION, replicate)
    parts: list[np.ndarray] = []
    for fan_in, fan_out in architecture.layer_sizes:
        if initialisation == "kaiming":
            parts.append(rng.standard_normal(fan_in * fan_out) * np.sqrt(2.0 / fan_in))
            parts.append(np.zeros(fan_out))
        else:
            bound = 1.0 / np.sqrt(fan_in)
            parts.append(rng.uniform(-bound, bound, fan_in * fan_out + fan_out))
    row = np.zeros(architecture.row_length)
    row[: architecture.parameter_count] = np.concatenate(parts)
    return row


def sequential_tensors(flat: Tensor, architecture: Architecture) -> dict[str, Tensor]:
    """The parameters under the names and shapes of a torch.nn.Sequential, replicates first.

    Layer k of Linear, activation, Linear, ... is "2k": "0.weight" is (R, out, in) and "0.bias" is
    (R, out), so that the r-th slice of each tensor is the state_dict of replicate r.
    """
    tensors = {}
    for k, (weight, bias) in enumerate(layer_views(flat, architecture)):
        tensors[f"{2 * k}.weight"] = weight.transpose(1, 2).contiguous()
        tensors[f"{2 * k}.bias"] = bias.squeeze(1).contiguous()
    return tensors
