"""A trained replicate as a plain torch.nn.Sequential, and what it predicts."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from depthgauge.training.recipe import Activation

MODULES: dict[Activation, type[nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "hard_sigmoid": nn.Hardsigmoid,
    "gelu": nn.GELU,
    "identity": nn.Identity,
}


def sequential(
    weights: Mapping[str, np.ndarray], replicate: int, activation: Activation
) -> nn.Sequential:
    """One replicate of `Trained.weights`, in evaluation mode.

    weights: tensors named as in a Sequential ("0.weight", "0.bias", "2.weight", ...), with the
    replicates in front.
    """
    layers: list[nn.Module] = []
    numbers = sorted({int(name.partition(".")[0]) for name in weights})
    for number in numbers:
        weight = torch.from_numpy(np.array(weights[f"{number}.weight"][replicate]))
        layer = nn.Linear(weight.shape[1], weight.shape[0], dtype=weight.dtype)
        layer.load_state_dict(
            {"weight": weight, "bias": torch.from_numpy(weights[f"{number}.bias"][replicate])}
        )
        layers += [layer, MODULES[activation]()]
    return nn.Sequential(*layers[:-1]).eval()


def predicted(network: nn.Sequential, inputs: np.ndarray) -> np.ndarray:
    """Outputs (n, K) for scaled inputs (n, F)."""
    with torch.no_grad():
        outputs = network(torch.from_numpy(np.ascontiguousarray(inputs, dtype=np.float32)))
    values: np.ndarray = outputs.numpy()
    return values
