"""What a family of networks is: settings, parameters, and a forward pass of many replicates.

The parameters of all replicates live in one flat tensor (R, P), a row for each. The network's
named tensors are views into it, so one optimizer step moves every replicate and no replicate can
touch another's row.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Protocol

import numpy as np
from pydantic import Field, SerializeAsAny

from depthgauge.entries import EntrySetting
from depthgauge.section import Counted, Section
from depthgauge.seeds import Purpose, generator

if TYPE_CHECKING:
    from torch import Tensor, nn

    from depthgauge.training.losses.loss import Loss
    from depthgauge.training.regularisation import TrainingLoss

NETWORKS = "depthgauge.training.networks"
# Deeper networks neither train nor answer the question; far more likely a typo.
Depth = Annotated[int, Field(ge=0, le=64)]
# A row is padded to whole vector registers for any power of two of threads up to 4, so that an
# element meets the same instructions whichever replicates share the tensor.
ROW_MULTIPLE = 64

Tensors = dict[str, "Tensor"]
# Draws the initial values of so many elements, float64.
Init = Callable[[np.random.Generator, int], np.ndarray]
# Uniform draws in [0, 1) of a shape, for each replicate in front; for dropout, say. None where the
# network is measured or used.
Noise = Callable[[tuple[int, ...]], "Tensor"] | None


@dataclass(frozen=True)
class Parameter:
    """A tensor of one replicate.

    name: in the state_dict of the network's module. shape: as `forward` sees it, behind R; of a
    vector (n,) it sees (R, 1, n), which broadcasts over the examples. transposed: whether the
    module's last two dimensions are swapped, as those of torch.nn.Linear are. trained: whether the
    optimizer moves it; a buffer, as the running mean of a normalisation, is changed by the forward
    pass of a training step itself.
    """

    name: str
    shape: tuple[int, ...]
    init: Init
    transposed: bool = False
    trained: bool = True

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Layout:
    """Where each parameter lies in a row of the flat tensor, in order and without gaps.

    count: of the elements that are trained.
    """

    parameters: tuple[Parameter, ...]
    count: int = field(init=False)

    def __post_init__(self) -> None:
        trained = sum(parameter.size for parameter in self.parameters if parameter.trained)
        object.__setattr__(self, "count", trained)

    @property
    def size(self) -> int:
        """The number of elements, buffers too."""
        return sum(parameter.size for parameter in self.parameters)

    @property
    def row_length(self) -> int:
        """P: the number of elements of a replicate, padded."""
        return -(-self.size // ROW_MULTIPLE) * ROW_MULTIPLE

    def initial_row(self, seed: int, replicate: int) -> np.ndarray:
        """One replicate's row (P,) before training, float64, padding zero."""
        rng = generator(seed, Purpose.INITIALISATION, replicate)
        row = np.zeros(self.row_length)
        row[: self.size] = np.concatenate([p.init(rng, p.size) for p in self.parameters])
        return row

    def views(self, flat: "Tensor") -> Tensors:
        """The parameters in flat (R, P), as `forward` sees them."""
        views, start = {}, 0
        for parameter in self.parameters:
            part = flat[:, start : start + parameter.size]
            views[parameter.name] = part.view(flat.shape[0], *self.shape_seen(parameter))
            start += parameter.size
        return views

    def shape_seen(self, parameter: Parameter) -> tuple[int, ...]:
        """The shape in which `forward` sees a parameter, behind R."""
        return parameter.shape if len(parameter.shape) > 1 else (1, *parameter.shape)

    def trained(self, flat: "Tensor") -> Tensors:
        """Those of `views` that the optimizer moves."""
        return self._of_kind(flat, trained=True)

    def buffers(self, flat: "Tensor") -> Tensors:
        """Those of `views` that forward passes change."""
        return self._of_kind(flat, trained=False)

    def _of_kind(self, flat: "Tensor", trained: bool) -> Tensors:
        kept = {p.name for p in self.parameters if p.trained is trained}
        return {name: view for name, view in self.views(flat).items() if name in kept}

    def state(self, flat: "Tensor") -> Tensors:
        """Copies named and shaped as in the module's state_dict, with the replicates in front."""
        import torch

        state = {}
        for parameter, view in zip(self.parameters, self.views(flat).values(), strict=True):
            tensor = view.mT if parameter.transposed else view.reshape(-1, *parameter.shape)
            state[parameter.name] = tensor.clone(memory_format=torch.contiguous_format)
        return state

    def load(self, flat: "Tensor", state: Mapping[str, "Tensor"]) -> None:
        """Fill flat (R, P) with what `state` gave."""
        for parameter, view in zip(self.parameters, self.views(flat).values(), strict=True):
            tensor = state[parameter.name]
            view.copy_(tensor.mT if parameter.transposed else tensor.view_as(view))


class Program(Protocol):
    """What runs R replicates of a network."""

    def forward(self, p: Tensors, x: "Tensor", noise: Noise) -> "Tensor":
        """As `Network.forward`."""

    def backward(
        self,
        p: Tensors,
        grads: Tensors,
        x: "Tensor",
        targets: "Tensor",
        loss: "Loss | TrainingLoss",
        noise: Noise,
    ) -> None:
        """As `Network.backward`."""


class Network(Section):
    """A family's settings, and what they make.

    A family gives `parameters`, `forward` and `module`; a faster backward pass than autograd's
    where it knows one. R replicates go through at once: x is (R, B, *input_shape).
    COUNTED: what its settings count that may be swept, in words.
    """

    COUNTED: ClassVar[Mapping[str, Counted]] = {}

    family: str

    def parameters(self, input_shape: tuple[int, ...], outputs: int) -> tuple[Parameter, ...]:
        """Of one replicate, in the order in which their initial values are drawn."""
        raise NotImplementedError

    def forward(self, p: Tensors, x: "Tensor", noise: Noise) -> "Tensor":
        """(R, B, K). p: by name. A training step gives `noise`, and may change buffers in place."""
        raise NotImplementedError

    def module(self, input_shape: tuple[int, ...], outputs: int) -> "nn.Module":
        """One replicate as plain PyTorch, from inputs (B, *input_shape)."""
        raise NotImplementedError

    def layout(self, input_shape: tuple[int, ...], outputs: int) -> Layout:
        """Where the parameters lie."""
        return Layout(self.parameters(input_shape, outputs))

    def program(self, input_shape: tuple[int, ...], outputs: int) -> Program:
        """What `forward` and `backward` are asked of: itself, where they need no such shape."""
        return self

    def one_by_one(self, input_shape: tuple[int, ...], outputs: int) -> bool:
        """Whether replicates go one after the other, in Python, where threads bring nothing."""
        return False

    def locate(self, folder: Path) -> None:
        """Say where files lie that its settings name: in the folder of params.yaml."""

    def sources(self) -> dict[str, bytes]:
        """Files of one's own that decide what it is, each by its name."""
        return {}

    def seen_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape in which `forward` and `module` take an example, of inputs that lie flat."""
        return input_shape

    def unfit(self, directions: int) -> str | None:
        """Why it does not fit the data, naming its key; None where it does.

        directions: in which neighbours lie: 2 in an image, 1 in all other data.
        """
        return None

    def without_effect(self) -> frozenset[str]:
        """The settings that change nothing, as the width of a linear model."""
        return frozenset()

    def backward(
        self,
        p: Tensors,
        grads: Tensors,
        x: "Tensor",
        targets: "Tensor",
        loss: "Loss | TrainingLoss",
        noise: Noise,
    ) -> None:
        """Fill `grads` (views as those of p that are trained) with each replicate's, of mean loss.

        Here by autograd.
        """
        backward_by_autograd(self.forward, p, grads, x, targets, loss, noise)


def backward_by_autograd(
    forward: "Callable[[Tensors, Tensor, Noise], Tensor]",
    p: Tensors,
    grads: Tensors,
    x: "Tensor",
    targets: "Tensor",
    loss: "Loss | TrainingLoss",
    noise: Noise,
) -> None:
    """`Network.backward` of any forward pass.

    Replicates share no parameter, so the sum over them has the gradient of each in its own row.
    """
    import torch

    leaves = {name: p[name].detach().requires_grad_() for name in grads}
    # Apart from the parameters, whose tensor they share: autograd must not see it change.
    buffers = {name: view.clone() for name, view in p.items() if name not in grads}
    with torch.enable_grad():
        outputs = forward({**buffers, **leaves}, x, noise)
    found = torch.autograd.grad(
        outputs,
        list(leaves.values()),
        loss.gradient(outputs.detach(), targets),
        allow_unused=True,
        materialize_grads=True,
    )
    for gradient, value in zip(grads.values(), found, strict=True):
        gradient.copy_(value)
    for name, buffer in buffers.items():
        p[name].copy_(buffer)


NetworkSetting = Annotated[SerializeAsAny[Network], EntrySetting(NETWORKS, "family")]


def uniform(bound: float) -> Init:
    """Uniform in +-bound."""
    return lambda rng, size: rng.uniform(-bound, bound, size)


def normal(deviation: float) -> Init:
    """Normal with mean 0."""
    return lambda rng, size: rng.standard_normal(size) * deviation


def constant(value: float) -> Init:
    """The same value everywhere, drawing nothing."""
    return lambda rng, size: np.full(size, value)
