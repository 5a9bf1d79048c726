"""The residual network: its size is that of the reference."""

import pytest

from depthgauge.training.networks.resnet import ResNet


def resnet(depth, width=8, normalisation="batch"):
    return ResNet(
        depth=depth, width=width, normalisation=normalisation, dropout=0.1, residual_dropout=0.0
    )


@pytest.mark.parametrize("normalisation", ["batch", "layer"])
@pytest.mark.parametrize("depth", [0, 1, 4])
def test_counts_of_parameters(depth, normalisation):
    """rtdl.ResNet with d_in inputs, d_main = 8 and d_hidden = 16, written out."""
    d_in, d_out, d_main, d_hidden = 13, 3, 8, 16
    block = 2 * d_main + (d_main * d_hidden + d_hidden) + (d_hidden * d_main + d_main)
    head = 2 * d_main + d_main * d_out + d_out
    expected = d_in * d_main + d_main + depth * block + head
    assert resnet(depth, normalisation=normalisation).layout((d_in,), d_out).count == expected


def test_running_means_are_kept_and_not_trained():
    layout = resnet(1).layout((13,), 3)
    buffers = [p.name for p in layout.parameters if not p.trained]
    assert len(buffers) == 2 * 3
    assert layout.size == layout.count + 2 * (8 + 8 + 1)


def test_what_has_no_effect():
    assert resnet(0).without_effect() == {"dropout", "residual_dropout"}
