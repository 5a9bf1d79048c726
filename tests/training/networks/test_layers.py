"""Dropout's masks; the other layers are held to torch's modules in test_networks.py."""

import numpy as np
import torch

from depthgauge.seeds import Purpose, generator
from depthgauge.training.networks.layers import dropout


def noise_of(replicates):
    generators = [generator(0, Purpose.DROPOUT, r) for r in replicates]

    def draw(shape):
        rows = [rng.random(shape, dtype=np.float32) for rng in generators]
        return torch.from_numpy(np.stack(rows))

    return draw


def test_a_share_is_dropped_and_the_mean_stays():
    x = torch.ones(2, 500, 40)
    dropped = dropout(x, 0.25, noise_of([0, 1]))
    assert set(dropped.unique().tolist()) == {0.0, torch.tensor(4 / 3).item()}
    assert abs((dropped == 0).double().mean() - 0.25) < 0.01
    assert abs(dropped.double().mean() - 1) < 0.01


def test_nothing_is_dropped_where_nothing_is_trained():
    x = torch.ones(2, 5, 4)
    assert dropout(x, 0.5, None) is x
    assert dropout(x, 0.0, noise_of([0, 1])) is x


def test_a_mask_is_the_same_whoever_shares_the_group():
    together = dropout(torch.ones(3, 6, 4), 0.5, noise_of([0, 1, 2]))
    alone = dropout(torch.ones(1, 6, 4), 0.5, noise_of([1]))
    assert torch.equal(together[1], alone[0])
    assert not torch.equal(together[0], together[1])
