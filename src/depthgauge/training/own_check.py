"""Try a network of one's own: can its replicates go at once, can it be used at all?"""

import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from depthgauge.errors import InputError
from depthgauge.training.networks.network import Network, Tensors
from depthgauge.training.networks.own import Own
from depthgauge.training.own_network import OwnProgram
from depthgauge.training.threads import one_thread

# How a step is tried: replicates, and examples of each.
TRIED, EXAMPLES = 4, 5
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
    template = network.build(shape, outputs)
    layout = network.layout(shape, outputs)
    rows = [torch.from_numpy(layout.initial_row(0, r)).float() for r in range(TRIED)]
    flat, source = torch.stack(rows), torch.Generator().manual_seed(0)
    x = torch.randn(TRIED, EXAMPLES, *shape, generator=source)
    target = torch.randn(TRIED, EXAMPLES, outputs, generator=source)
    drawn = torch.rand(TRIED, 2, generator=source)
    plain = OwnProgram(network.class_path, template, "not tried yet")
    _require_outputs(network, plain, layout.views(flat), x, outputs)
    expected = _step(plain, layout, flat, x, target, drawn)
    batched, seen = OwnProgram(network.class_path, template), _Seen(template)
    try:
        with seen, warnings.catch_warnings():
            # Of an operation that torch would do one by one.
            warnings.simplefilter("error")
            found = _step(batched, layout, flat, x, target, drawn)
    except InputError as error:
        return f"{seen.last} cannot be batched: {str(error).partition(': ')[2]}"
    for one, other in zip(found, expected, strict=True):
        if not torch.allclose(one, other, rtol=1e-3, atol=1e-5, equal_nan=True):
            return "a batched step gives other numbers than a plain one"
    halves = [
        _step(batched, layout, *(t[part] for t in (flat, x, target, drawn)))
        for part in (slice(0, 2), slice(2, 4))
    ]
    for whole, *parts in zip(found, *halves, strict=True):
        if not torch.equal(whole, torch.cat(parts)):
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


def _require_outputs(
    network: Own, program: OwnProgram, p: Tensors, x: Tensor, outputs: int
) -> None:
    with torch.no_grad():
        found = program.forward(p, x, None)
    if found.device != x.device:
        raise InputError(f"{network.class_path}: moves its outputs to {found.device}")
    wanted = (EXAMPLES, outputs)
    if tuple(found.shape[1:]) != wanted:
        raise InputError(
            f"{network.class_path}: gives {tuple(found.shape[1:])} for {EXAMPLES} examples of "
            f"shape {tuple(x.shape[2:])}; (batch, outputs) is {wanted}"
        )


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
        _require_own_parameters(network, network.build(shape, outputs), where)
        why = why_not_at_once(network, shape, outputs)
        layout = network.layout(shape, outputs)
        how = "all replicates at once" if why is None else f"one replicate after the other: {why}"
        what = f"{layout.count:,} parameters, {shape} to {outputs}"
        yield f"{network.class_path}: {where}: {what}; {how}"
        sizes.append((network, layout, shape, outputs))
    for (one, layout, shape, outputs), (other, bigger, *_) in itertools.pairwise(sizes):
        if swept in ("depth", "width") and _same(one, layout, other, bigger, shape, outputs):
            first, second = (getattr(each, swept) for each in (one, other))
            raise InputError(
                f"{one.class_path}: ignores {swept}: {first} and {second} make the same network"
            )


def _require_own_parameters(network: Own, module: nn.Module, where: str) -> None:
    if not any(True for _ in module.parameters()):
        raise InputError(f"{network.class_path}: {where}: has no parameters to train")
    names: dict[int, str] = {}
    for name, parameter in module.named_parameters(remove_duplicate=False):
        if id(parameter) in names:
            raise InputError(
                f"{network.class_path}: {name} and {names[id(parameter)]} are one tensor; shared "
                "parameters cannot be trained here: make two"
            )
        names[id(parameter)] = name
        if parameter.device.type != "cpu":
            raise InputError(
                f"{network.class_path}: {name} is on {parameter.device}; build it on the CPU, "
                "training.device moves it"
            )


def _same(
    one: Own, layout: Any, other: Own, bigger: Any, shape: tuple[int, ...], outputs: int
) -> bool:
    """Whether two networks have the same tensors and, from the same seed, the same outputs."""
    names = [(p.name, p.shape) for p in layout.parameters]
    if names != [(p.name, p.shape) for p in bigger.parameters]:
        return False
    x = torch.randn(1, EXAMPLES, *shape, generator=torch.Generator().manual_seed(0))
    found = []
    for network, of in ((one, layout), (other, bigger)):
        flat = torch.from_numpy(of.initial_row(0, 0)).float()[None]
        program = OwnProgram(network.class_path, network.build(shape, outputs), "alone")
        with torch.no_grad():
            found.append(program.forward(of.views(flat), x, None))
    return torch.equal(*found)
