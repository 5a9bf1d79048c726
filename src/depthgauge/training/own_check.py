"""Try a network of one's own: can its replicates go at once, can it be used at all?"""

import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from depthgauge.errors import InputError
from depthgauge.training.networks.network import Network
from depthgauge.training.networks.own import Own
from depthgauge.training.networks.own_file import said
from depthgauge.training.own_network import OwnProgram
from depthgauge.training.own_rules import EXAMPLES, TRIED, require_usable, same_bits, same_network
from depthgauge.training.threads import one_thread

# What `why_not_at_once` said, by all that decides it.
_refused: dict[tuple[str, tuple[int, ...], int], str | None] = {}


def program_of(network: Own, shape: tuple[int, ...], outputs: int) -> OwnProgram:
    """The program of a network, with a module of its own: threads must not share one."""
    asked = network.key(), shape, outputs
    if asked not in _refused:
        _refused[asked] = why_not_at_once(network, shape, outputs)
    return OwnProgram(network.class_path, network.build(shape, outputs), _refused[asked])


def why_not_at_once(network: Own, shape: tuple[int, ...], outputs: int) -> str | None:
    """Why replicates cannot go through at once; None where they can.

    One step is tried: of all at once beside each by itself, and of a group of four beside two of
    two, which must give the same bits. Raises InputError where the module cannot be used at all.
    """
    require_usable(network, shape, outputs)
    template = network.build(shape, outputs)
    layout = network.layout(shape, outputs)
    rows = [torch.from_numpy(layout.initial_row(0, r)).float() for r in range(TRIED)]
    flat, source = torch.stack(rows), torch.Generator().manual_seed(0)
    x = torch.randn(TRIED, EXAMPLES, *shape, generator=source)
    target = torch.randn(TRIED, EXAMPLES, outputs, generator=source)
    drawn = torch.rand(TRIED, 2, generator=source)
    plain = OwnProgram(network.class_path, template, "not tried yet")
    expected = _step(plain, layout, flat, x, target, drawn)
    batched, seen = OwnProgram(network.class_path, template), _Seen(template)
    try:
        with seen, warnings.catch_warnings():
            # Of an operation that torch would do one by one.
            warnings.simplefilter("error")
            found = _step(batched, layout, flat, x, target, drawn)
    except InputError as error:
        return f"{seen.last} cannot be batched: raises {said(error.__cause__ or error)}"
    for one, other in zip(found, expected, strict=True):
        if not torch.allclose(one, other, rtol=1e-3, atol=1e-5, equal_nan=True):
            return "a batched step gives other numbers than a plain one"
    halves = [
        _step(batched, layout, *(t[part] for t in (flat, x, target, drawn)))
        for part in (slice(0, 2), slice(2, 4))
    ]
    for whole, *parts in zip(found, *halves, strict=True):
        if not same_bits(whole, torch.cat(parts)):
            return "a group of four gives other bits than two of two"
    return None


def _step(
    program: OwnProgram, layout: Any, flat: Tensor, x: Tensor, target: Tensor, drawn: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients, buffers and outputs of one training step."""
    flat, gradient = flat.clone(), torch.zeros_like(flat)
    with torch.no_grad(), one_thread():
        p, gradients = layout.views(flat), layout.trained(gradient)
        program.backward(p, gradients, x, target, _Squares(), lambda shape: drawn)
        return gradient, flat, program.forward(p, x, None)


class _Squares:
    """Mean squared error, for a step that is tried."""

    def gradient(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(R, B, K) of the mean over the B examples."""
        return 2 * (outputs - targets) / targets[0].numel()


class _Seen:
    """Remembers the layer that was called last, for who asks which one failed."""

    def __init__(self, module: nn.Module) -> None:
        self.module, self.last = module, "the module"
        self.hooks: list[Any] = []

    def __enter__(self) -> None:
        for name, layer in self.module.named_modules():
            if name:
                self.hooks.append(layer.register_forward_pre_hook(self._hook(name, layer)))

    def _hook(self, name: str, layer: nn.Module) -> Callable[..., None]:
        def seen(*_: Any) -> None:
            self.last = f"layer {name} ({type(layer).__name__})"

        return seen

    def __exit__(self, *_: object) -> None:
        for hook in self.hooks:
            hook.remove()


def require_own(
    asked: Sequence[tuple[str, Network, tuple[int, ...], int]], swept: str
) -> Iterator[str]:
    """What networks of one's own are, a line each: parameters, and whether all go at once.

    asked: where each stands, as a person says it, its settings, the shape of an example, outputs.
    swept: the argument that tells them apart. Raises InputError for one that cannot be used.
    """
    sizes = []
    for where, network, shape, outputs in asked:
        assert isinstance(network, Own)
        why = why_not_at_once(network, shape, outputs)
        layout = network.layout(shape, outputs)
        how = "all replicates at once" if why is None else f"one replicate after the other: {why}"
        what = f"{layout.count:,} parameters, {shape} to {outputs}"
        yield f"{network.class_path}: {where}: {what}; {how}"
        sizes.append((network, layout, shape, outputs))
    for (one, layout, shape, outputs), (other, bigger, *_) in itertools.pairwise(sizes):
        pair = (one, layout), (other, bigger)
        if swept in ("depth", "width") and same_network(*pair, shape, outputs):
            first, second = (getattr(each, swept) for each in (one, other))
            raise InputError(
                f"{one.class_path}: ignores {swept}: {first} and {second} make the same network"
            )
