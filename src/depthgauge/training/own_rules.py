"""What a network of one's own must be: each rule that it breaks is told in one line."""

import numpy as np
import torch
from torch import Tensor, nn

from depthgauge.errors import InputError
from depthgauge.training.networks.network import Layout, Noise
from depthgauge.training.networks.own import Own
from depthgauge.training.own_network import OwnProgram
from depthgauge.training.threads import one_thread

# Replicates, and examples of each, that a network is tried with.
TRIED, EXAMPLES = 4, 5
# Batches are of any size: the last one of an epoch may be of one example.
SIZES = (EXAMPLES, 2, 1)


def require_tensors(network: Own, module: nn.Module) -> None:
    """Raises InputError for parameters and buffers that cannot be those of many replicates."""
    where = network.class_path
    if not any(parameter.requires_grad for parameter in module.parameters()):
        raise InputError(f"{where}: has no parameters to train")
    names: dict[int, str] = {}
    for name, parameter in module.named_parameters(remove_duplicate=False):
        kind = str(parameter.dtype).removeprefix("torch.")
        if parameter.dtype != torch.float32:
            raise InputError(f"{where}: {name} is of {kind}; parameters must be of float32")
        _require_cpu(where, name, parameter)
        # Two parameters of one memory move together too.
        place = parameter.data_ptr() if parameter.numel() else id(parameter)
        if place in names:
            raise InputError(
                f"{where}: {name} and {names[place]} are one tensor; shared parameters cannot be "
                "trained here: make two"
            )
        names[place] = name
    for name, buffer in module.named_buffers():
        _require_cpu(where, name, buffer)
        # Buffers lie beside the parameters, as float32.
        whole = not (buffer.is_floating_point() or buffer.is_complex())
        if buffer.is_complex() or (whole and (buffer.float().to(buffer.dtype) != buffer).any()):
            what = "numbers beyond 16,777,216" if whole else "complex numbers"
            raise InputError(f"{where}: buffer {name}: holds {what}, which float32 cannot hold")


def _require_cpu(where: str, name: str, tensor: Tensor) -> None:
    if tensor.device.type != "cpu":
        raise InputError(
            f"{where}: {name} is on {tensor.device}; build it on the CPU, training.device moves it"
        )


def require_usable(network: Own, shape: tuple[int, ...], outputs: int) -> None:
    """Raises InputError for a module that cannot be trained here, or not to the same answer twice.

    It is built, called with batches of several sizes, and called again.
    """
    where, module = network.class_path, network.build(shape, outputs)
    require_tensors(network, module)
    layout = network.layout(shape, outputs)
    row = layout.initial_row(0, 0)
    if not np.array_equal(row, layout.initial_row(0, 0), equal_nan=True):
        raise InputError(
            f"{where}: is another one when it is built again from the same seed; draw with torch "
            "alone, and count nothing outside of it"
        )
    flat = torch.from_numpy(row).float()[None]
    program = OwnProgram(where, module, "not tried yet")
    source = torch.Generator().manual_seed(0)
    with torch.no_grad(), one_thread():
        for size in SIZES:
            x = torch.randn(1, size, *shape, generator=source)
            found = _called(program, layout, flat, x, None)
            _require_outputs(where, found, x, outputs)
        x = torch.randn(1, EXAMPLES, *shape, generator=source)
        for noise in (None, lambda _: torch.full((1, 2), 0.5)):
            first, again = (_called(program, layout, flat, x, noise) for _ in range(2))
            if not same_bits(first, again):
                raise InputError(
                    f"{where}: gives other outputs for the same inputs the second time; draw with "
                    "torch alone, and keep what it counts or remembers in a buffer"
                )
        other = OwnProgram(where, network.build(shape, outputs, 1), "not tried yet")
        if not same_bits(
            _called(program, layout, flat, x, None), _called(other, layout, flat, x, None)
        ):
            raise InputError(
                f"{where}: draws something that is neither a parameter nor a buffer when it is "
                "built; keep it with register_buffer"
            )


def _called(program: OwnProgram, layout: Layout, flat: Tensor, x: Tensor, noise: Noise) -> Tensor:
    """Outputs. Raises InputError where the call changes what is not its own."""
    p, given = layout.views(flat.clone()), x.clone()
    found = program.forward(p, given, noise)
    if not torch.equal(given, x):
        raise InputError(f"{program.name}: changes its input in place; change a copy")
    before = layout.views(flat)
    for name in layout.trained(flat):
        if not same_bits(p[name], before[name]):
            raise InputError(
                f"{program.name}: changes {name} in forward; parameters are the optimizer's, a "
                "buffer may change"
            )
    return found


def _require_outputs(where: str, found: Tensor, x: Tensor, outputs: int) -> None:
    if found.device != x.device:
        raise InputError(f"{where}: moves its outputs to {found.device}")
    wanted, given = (x.shape[1], outputs), tuple(found.shape[1:])
    examples = f"{x.shape[1]} example{'s' if x.shape[1] > 1 else ''} of shape {tuple(x.shape[2:])}"
    if given != wanted:
        flatten = found[0].numel() == x.shape[1] * outputs and len(given) > 2
        raise InputError(
            f"{where}: gives {given} for {examples}; (batch, outputs) is {wanted}"
            + (": outputs.flatten(1) has it" if flatten else "")
        )
    if found.dtype != x.dtype:
        kinds = [str(kind).removeprefix("torch.") for kind in (found.dtype, x.dtype)]
        raise InputError(f"{where}: gives outputs of {kinds[0]} for inputs of {kinds[1]}")


def same_bits(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors hold the same numbers, NaN where the other has it."""
    return torch.allclose(one, other, rtol=0, atol=0, equal_nan=True)


def same_network(
    one: tuple[Own, Layout], other: tuple[Own, Layout], shape: tuple[int, ...], outputs: int
) -> bool:
    """Whether two networks have the same tensors and, from the same seed, the same outputs."""
    names = [[(p.name, p.shape) for p in layout.parameters] for _, layout in (one, other)]
    if names[0] != names[1]:
        return False
    x = torch.randn(1, EXAMPLES, *shape, generator=torch.Generator().manual_seed(0))
    found = []
    for network, layout in (one, other):
        flat = torch.from_numpy(layout.initial_row(0, 0)).float()[None]
        program = OwnProgram(network.class_path, network.build(shape, outputs), "alone")
        with torch.no_grad():
            found.append(program.forward(layout.views(flat), x, None))
    return same_bits(*found)
