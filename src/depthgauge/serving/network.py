"""A trained replicate as plain PyTorch."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch.func import functional_call

from depthgauge.data.dataset import Dataset
from depthgauge.entries import find_entry
from depthgauge.training.networks.network import NETWORKS, Network
from depthgauge.training.networks.own_file import class_from

Description = Mapping[str, Any]


def describe_network(network: Network, dataset: Dataset) -> Description:
    """All that decides the module, as plain data that goes into a JSON file."""
    own = {name: text.decode() for name, text in network.sources().items()}
    return {
        **({"files": own} if own else {}),
        "settings": network.model_dump(),
        "input_shape": list(dataset.input_shape),
        "outputs": dataset.outputs,
    }


def predict(
    description: Description, weights: Mapping[str, np.ndarray], inputs: np.ndarray
) -> np.ndarray:
    """Outputs (n, K) for scaled inputs (n, F).

    weights: the state_dict of one replicate, as `Runs.weights` has it with all in front.
    """
    settings, input_shape = description["settings"], tuple(description["input_shape"])
    network: Network = find_entry(NETWORKS, settings["family"]).model_validate(settings)
    tensors = {name: torch.from_numpy(np.array(w)) for name, w in weights.items()}
    if files := description.get("files"):
        # As it was when it was registered, wherever its file is now.
        with class_from(settings["class_path"], files):
            module = network.module(input_shape, description["outputs"]).eval()
        # As in training: of whole numbers where the module has such, all else float32.
        kinds = {n: b.dtype for n, b in module.named_buffers() if not b.is_floating_point()}
        tensors = {name: t.to(kinds.get(name, t.dtype)) for name, t in tensors.items()}
    else:
        module = network.module(input_shape, description["outputs"]).eval()
    rows = np.ascontiguousarray(inputs, dtype=np.float32)
    seen = rows.reshape(len(rows), *network.seen_shape(input_shape))
    with torch.no_grad():
        outputs: np.ndarray = functional_call(module, tensors, (torch.from_numpy(seen),)).numpy()
    return outputs
