"""Run the replicates of a network of one's own: its module is called by torch.func."""

import contextlib
import itertools
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from depthgauge.errors import InputError
from depthgauge.training.engine import one_thread
from depthgauge.training.networks.network import Network, Noise, Tensors, backward_by_autograd
from depthgauge.training.networks.own import Own
from depthgauge.training.networks.own_file import said

# How a step is tried: replicates, and examples of each.
TRIED, EXAMPLES = 4, 5
DROPOUTS = (functional.dropout, functional.dropout1d, functional.dropout2d, functional.dropout3d)
# Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators": splitmix64.
GOLDEN, FIRST, SECOND = (
    c - 2**64 for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)
CALLS = 2**32
# torch's own random numbers are one stream for all threads.
_random = threading.RLock()


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
        try:
            outputs, changed = run(p, x, keys, noise is not None)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"{self.name}: raises {said(error)}") from error
        if noise is not None:
            for name, buffer in changed.items():
                p[name].copy_(buffer.detach())
        return outputs

    def backward(
        self, p: Tensors, grads: Tensors, x: Tensor, targets: Tensor, loss: Any, noise: Noise
    ) -> None:
        """By autograd."""
        backward_by_autograd(self.forward, p, grads, x, targets, loss, noise)

    def _one(self, p: Tensors, x: Tensor, key: Tensor, training: bool) -> tuple[Tensor, Tensors]:
        """Outputs of one replicate, and its buffers afterwards."""
        tensors = {n: self._own_kind(n, t) for n, t in p.items()}
        with _OfReplicate(key, training):
            outputs = functional_call(self.template, tensors, (x,))
        return outputs, {name: tensors[name].to(p[name].dtype) for name in self.kinds}

    def _own_kind(self, name: str, tensor: Tensor) -> Tensor:
        """A buffer as a copy that may change, of whole numbers where the module has such."""
        kind = self.kinds.get(name)
        if kind is None:
            return tensor
        return tensor.clone() if kind.is_floating_point else tensor.to(kind)

    def _at_once(
        self, p: Tensors, x: Tensor, keys: Tensor, training: bool
    ) -> tuple[Tensor, Tensors]:
        with self._mode(training):
            one = vmap(lambda p, x, key: self._one(p, x, key, training))
            outputs, buffers = one(p, x, keys)
            return outputs, buffers

    def _one_by_one(
        self, p: Tensors, x: Tensor, keys: Tensor, training: bool
    ) -> tuple[Tensor, Tensors]:
        found = []
        with self._mode(training), _random, torch.random.fork_rng(devices=[]):
            for r, key in enumerate(keys):
                # Whatever else it draws is the replicate's own too.
                torch.manual_seed(int(key))
                found.append(self._one({n: t[r] for n, t in p.items()}, x[r], key, training))
        outputs, buffers = zip(*found, strict=True)
        stacked = {name: torch.stack([b[name] for b in buffers]) for name in self.kinds}
        return torch.stack(outputs), stacked

    @contextlib.contextmanager
    def _mode(self, training: bool) -> Iterator[None]:
        # Each thread has a module of its own (`program_of`).
        self.template.train(training)
        yield


class _OfReplicate(TorchFunctionMode):
    """What would depend on who shares the group, of the replicate alone.

    Masks of dropout come from a key (of seed, replicate and step) in place of torch's one stream;
    the sums of batch normalisation are taken in an order that is always the same.
    """

    def __init__(self, key: Tensor, training: bool) -> None:
        super().__init__()
        self.key, self.training, self.calls = key, training, 0

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        named = kwargs or {}
        if func in DROPOUTS:
            return self._drop(func, *args, **named)
        return (_batch_norm if func is functional.batch_norm else func)(*args, **named)

    def _drop(
        self, func: Any, x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
    ) -> Tensor:
        if not training or p == 0:
            return x
        # Whole channels are dropped by the variants for images and series.
        shape = x.shape if func is functional.dropout else (*x.shape[:2], *[1] * (x.ndim - 2))
        count = int(torch.Size(shape).numel())
        self.calls += 1
        places = torch.arange(count, device=x.device) + self.calls * CALLS
        kept = (_uniform(self.key + places * GOLDEN) >= p).view(shape)
        dropped: Tensor = x * kept / (1 - p) if p < 1 else x * 0
        return dropped


def _batch_norm(
    x: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """torch.nn.functional.batch_norm of (B, C, ...), written out."""
    others, shape = [0, *range(2, x.ndim)], (-1, *[1] * (x.ndim - 2))
    count = x.numel() // x.shape[1]
    if training or running_mean is None or running_var is None:
        mean = x.mean(others)
        variance = (x - mean.view(shape)).square().mean(others)
        if training and running_mean is not None and running_var is not None:
            with torch.no_grad():
                unbiased = variance.detach() * (count / max(1, count - 1))
                running_mean.mul_(1 - momentum).add_(momentum * mean.detach())
                running_var.mul_(1 - momentum).add_(momentum * unbiased)
    else:
        mean, variance = running_mean, running_var
    scale = torch.rsqrt(variance + eps)
    x = (x - mean.view(shape)) * scale.view(shape)
    x = x if weight is None else x * weight.view(shape)
    return x if bias is None else x + bias.view(shape)


def _uniform(z: Tensor) -> Tensor:
    """Numbers in [0, 1) of 24 bits from whole numbers, by the mixing of splitmix64."""
    z = (z ^ _shifted(z, 30)) * FIRST
    z = (z ^ _shifted(z, 27)) * SECOND
    z = z ^ _shifted(z, 31)
    found: Tensor = _shifted(z, 40).to(torch.float32) * 2**-24
    return found


def _shifted(z: Tensor, bits: int) -> Tensor:
    """As of numbers without a sign."""
    found: Tensor = (z >> bits) & (2 ** (64 - bits) - 1)
    return found


def _keys(noise: Callable[[tuple[int, ...]], Tensor], x: Tensor) -> Tensor:
    """(R,) whole numbers, of each replicate's own stream."""
    drawn = (noise((2,)).double() * 2**24).to(torch.int64)
    return (drawn[:, 0] * 2**24 + drawn[:, 1]).to(x.device)


def program_of(network: Own, shape: tuple[int, ...], outputs: int) -> OwnProgram:
    """The program of a network, with a module of its own: threads must not share one."""
    template = network.build(shape, outputs)
    refused = _refused(network.key(), _Hashed(network), shape, outputs)
    return OwnProgram(network.class_path, template, refused)


class _Hashed:
    """A network that is told apart by its key alone."""

    def __init__(self, network: Own) -> None:
        self.network = network

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed)


@lru_cache(maxsize=256)
def _refused(key: str, hashed: _Hashed, shape: tuple[int, ...], outputs: int) -> str | None:
    return why_not_at_once(hashed.network, shape, outputs)


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
        if outputs.shape != targets.shape:
            return torch.zeros_like(outputs)
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
