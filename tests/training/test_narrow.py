"""A narrow linear layer against autograd through the plain product."""

import pytest
import torch

from depthgauge.training.narrow import narrow_affine


@pytest.mark.parametrize("outputs", [1, 2, 10])
@pytest.mark.parametrize("beside", [False, True], ids=["in rows", "beside each other"])
def test_it_is_the_plain_product_and_its_gradients(outputs, beside):
    draw = torch.Generator().manual_seed(outputs)

    def leaf(*shape):
        return torch.randn(*shape, generator=draw, dtype=torch.float64).requires_grad_()

    # As a convolution leaves them: the replicates of an example beside each other.
    x = leaf(7, 3, 5).transpose(0, 1) if beside else leaf(3, 7, 5)
    weight, bias, gradient = leaf(3, 5, outputs), leaf(3, 1, outputs), leaf(3, 7, outputs).detach()
    mine, plain = narrow_affine(x, weight, bias), x @ weight + bias
    torch.testing.assert_close(mine, plain)
    found, expected = (torch.autograd.grad(y, [x, weight, bias], gradient) for y in (mine, plain))
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other)
