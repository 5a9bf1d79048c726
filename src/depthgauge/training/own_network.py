"""Run the replicates of a network of one's own: its module is called by torch.func."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from depthgauge.errors import InputError
from depthgauge.training.networks.network import Noise, Tensors, backward_by_autograd
from depthgauge.training.networks.own import torch_random
from depthgauge.training.networks.own_file import said
from depthgauge.training.of_replicate import OfReplicate


class OwnProgram:
    """Forward passes of R replicates of a module; backward passes by autograd.

    refused: why not all at once, None where they can be.
    """

    def __init__(self, name: str, template: nn.Module, refused: str | None = None) -> None:
        self.name, self.template, self.refused = name, template, refused
        self.kinds = {n: b.dtype for n, b in template.named_buffers()}

    def forward(self, p: Tensors, x: Tensor, noise: Noise) -> Tensor:
        """(R, B, K) from x (R, B, *shape); a training step changes buffers in `p`.

        Raises InputError where the module raises.
        """
        keys = _keys(noise, x) if noise is not None else torch.zeros(len(x), dtype=torch.int64)
        run = self._at_once if self.refused is None else self._one_by_one
        # Each thread has a module of its own (`program_of`).
        self.template.train(noise is not None)
        try:
            outputs, changed = run(p, x, keys)
        except InputError:
            raise
        except Exception as error:
            raise InputError(
                f"{self.name}: raises {said(error)}, given {x.shape[1]} "
                f"example{'s' if x.shape[1] > 1 else ''} of shape {tuple(x.shape[2:])}"
            ) from error
        if noise is not None:
            for name, buffer in changed.items():
                p[name].copy_(buffer.detach())
        return outputs

    def backward(
        self, p: Tensors, grads: Tensors, x: Tensor, targets: Tensor, loss: Any, noise: Noise
    ) -> None:
        """By autograd. Raises InputError where it cannot go through the module."""
        try:
            backward_by_autograd(self._trainable, p, grads, x, targets, loss, noise)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"{self.name}: its backward pass raises {said(error)}") from error

    def _trainable(self, p: Tensors, x: Tensor, noise: Noise) -> Tensor:
        outputs = self.forward(p, x, noise)
        if not outputs.requires_grad:
            raise InputError(
                f"{self.name}: its outputs depend on no parameter in a way that has a gradient"
            )
        return outputs

    def _one(self, p: Tensors, x: Tensor, key: Tensor) -> tuple[Tensor, Tensors]:
        """Outputs of one replicate, and its buffers afterwards."""
        tensors = {n: self._own_kind(n, t) for n, t in p.items()}
        with OfReplicate(key):
            outputs = functional_call(self.template, tensors, (x,))
        if not isinstance(outputs, Tensor):
            raise InputError(
                f"{self.name}: gives a {type(outputs).__name__}; one tensor, (batch, outputs), is "
                "wanted"
            )
        return outputs, {name: tensors[name].to(p[name].dtype) for name in self.kinds}

    def _own_kind(self, name: str, tensor: Tensor) -> Tensor:
        """A buffer as a copy that may change, of whole numbers where the module has such."""
        kind = self.kinds.get(name)
        if kind is None:
            return tensor
        return tensor.clone() if kind.is_floating_point else tensor.to(kind)

    def _at_once(self, p: Tensors, x: Tensor, keys: Tensor) -> tuple[Tensor, Tensors]:
        outputs, buffers = vmap(self._one)(p, x, keys)
        return outputs, buffers

    def _one_by_one(self, p: Tensors, x: Tensor, keys: Tensor) -> tuple[Tensor, Tensors]:
        found = []
        with torch_random():
            for r, key in enumerate(keys):
                # Whatever else it draws is the replicate's own too.
                torch.manual_seed(int(key))
                found.append(self._one({n: t[r] for n, t in p.items()}, x[r], key))
        outputs, buffers = zip(*found, strict=True)
        stacked = {name: torch.stack([b[name] for b in buffers]) for name in self.kinds}
        return torch.stack(outputs), stacked


def _keys(noise: Callable[[tuple[int, ...]], Tensor], x: Tensor) -> Tensor:
    """(R,) whole numbers, of each replicate's own stream."""
    drawn = (noise((2,)).double() * 2**24).to(torch.int64)
    return (drawn[:, 0] * 2**24 + drawn[:, 1]).to(x.device)
