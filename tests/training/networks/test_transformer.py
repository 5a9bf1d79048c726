"""The transformer: its size, its tokens of two kinds of examples."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from depthgauge.training.networks.transformer import Transformer


def transformer(depth, width=8, heads=2):
    return Transformer(depth=depth, width=width, heads=heads, dropout=0.0)


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_counts_of_parameters(depth):
    """The FT-Transformer's, written out: features, attention, two norms, a hidden layer."""
    features, outputs, d = 13, 3, 8
    attention, hidden = 4 * (d * d + d), d * 2 * d + 2 * d + 2 * d * d + d
    expected = d + 2 * features * d + depth * (attention + hidden + 4 * d) + 2 * d
    expected += d * outputs + outputs
    assert transformer(depth).layout((features,), outputs).count == expected


@pytest.mark.parametrize("depth", [0, 2])
def test_steps_with_channels_are_tokens_too(depth):
    network, shape = transformer(depth), (5, 3)
    layout = network.layout(shape, 2)
    flat = torch.from_numpy(np.stack([layout.initial_row(0, r) for r in range(3)]))
    x = torch.randn(3, 4, *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        outputs, state = network.forward(layout.views(flat), x, None), layout.state(flat)
    for r in range(3):
        module = network.module(shape, 2).double().eval()
        module.load_state_dict({name: tensor[r] for name, tensor in state.items()})
        torch.testing.assert_close(outputs[r], module(x[r]))


def test_a_width_has_whole_heads():
    with pytest.raises(ValidationError, match="width: 9 must be a multiple of heads, 2"):
        transformer(1, width=9)


def test_what_has_no_effect():
    assert transformer(0).without_effect() == {"heads", "dropout"}
