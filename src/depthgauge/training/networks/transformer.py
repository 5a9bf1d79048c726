"""A transformer of the features of a table, or of the steps of a sequence.

The FT-Transformer of Gorishniy et al. 2021, arXiv:2106.11959, section 3.3, with ReLU in place of
ReGLU in its blocks and layer norm before both parts of every block.
"""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from depthgauge.section import Count, Counted
from depthgauge.training.networks.layers import (
    apply_linear,
    apply_norm,
    dropout,
    linear,
    norm,
    norm_module,
)
from depthgauge.training.networks.network import Depth, Network, Noise, Parameter, Tensors, uniform

if TYPE_CHECKING:
    from torch import Tensor, nn

# Of the hidden layer of a block, in widths.
HIDDEN = 2


class Transformer(Network):
    """Tokens, `depth` blocks, and Linear(ReLU(LayerNorm(token))) of a token of their own.

    An example of one dimension has a token for each number, its value times a vector plus another;
    of more, (channels, steps), one for each step, a linear layer of its channels plus a vector of
    the step; an image has a token for each of its columns. Depth 0 has no block in which the own
    token could learn of the others: there the mean of all tokens is taken in its place.
    """

    COUNTED: ClassVar = {
        "depth": Counted("block", "blocks", "no block, the mean of the tokens and the head"),
        "width": Counted("number in each token", "numbers in each token"),
    }

    family: str = "transformer"
    depth: Depth
    """blocks, 0 is the mean of the tokens and the head; not used where the axis is depth"""
    width: Count
    """numbers of each token, a multiple of the heads; not used where the axis is width"""
    heads: Count
    """of each block's attention"""
    dropout: Annotated[float, Field(ge=0, lt=1)]
    """share of attention and of hidden units set to 0 in a training step"""

    @model_validator(mode="after")
    def _whole_heads(self) -> Self:
        if self.width % self.heads:
            raise ValueError(
                f"recipe.network.width: {self.width} must be a multiple of heads, {self.heads}"
            )
        return self

    def parameters(self, input_shape: tuple[int, ...], outputs: int) -> tuple[Parameter, ...]:
        """Named as in `module`."""
        init, steps = uniform(self.width**-0.5), input_shape[-1]
        found = [Parameter("own", (1, self.width), init)]
        if len(input_shape) == 1:
            found.append(Parameter("tokens", (steps, self.width), init))
        else:
            found += linear("channels", math.prod(input_shape[:-1]), self.width)
        found.append(Parameter("places", (steps, self.width), init))
        for k in range(self.depth):
            found += self._block(f"blocks.{k}")
        return (*found, *norm("norm", self.width, "layer"), *linear("head", self.width, outputs))

    def _block(self, name: str) -> Iterator[Parameter]:
        yield from norm(f"{name}.before", self.width, "layer")
        yield from linear(f"{name}.attended", self.width, 3 * self.width)
        yield from linear(f"{name}.joined", self.width, self.width)
        yield from norm(f"{name}.norm", self.width, "layer")
        yield from linear(f"{name}.inner", self.width, HIDDEN * self.width)
        yield from linear(f"{name}.outer", HIDDEN * self.width, self.width)

    def forward(self, p: Tensors, x: "Tensor", noise: Noise) -> "Tensor":
        """(R, B, K) from x (R, B, numbers) or (R, B, channels, steps)."""
        import torch

        replicates, examples, steps = x.shape[0], x.shape[1], x.shape[-1]
        if "tokens" in p:
            tokens = x.unsqueeze(-1) * p["tokens"].unsqueeze(1)
        else:
            rows = x.flatten(2, -2).mT.reshape(replicates, examples * steps, -1)
            tokens = apply_linear(p, "channels", rows).view(replicates, examples, steps, -1)
        tokens = tokens + p["places"].unsqueeze(1)
        own = p["own"].unsqueeze(1).expand(replicates, examples, 1, self.width)
        tokens = torch.cat([own, tokens], 2)
        for k in range(self.depth):
            tokens = self._apply_block(p, f"blocks.{k}", tokens, noise)
        last = tokens[:, :, 0] if self.depth else tokens[:, :, 1:].mean(2)
        return apply_linear(p, "head", apply_norm(p, "norm", last, "layer", False).relu())

    def _apply_block(self, p: Tensors, name: str, tokens: "Tensor", noise: Noise) -> "Tensor":
        import torch

        replicates, examples, steps, width = tokens.shape
        rows = tokens.reshape(replicates, examples * steps, width)
        h = apply_linear(
            p, f"{name}.attended", apply_norm(p, f"{name}.before", rows, "layer", False)
        )
        # (3, R, B, heads, steps, width of a head)
        h = h.view(replicates, examples, steps, 3, self.heads, -1).permute(3, 0, 1, 4, 2, 5)
        query, key, value = h.unbind(0)
        seen = torch.softmax(query @ key.mT / math.sqrt(width / self.heads), -1)
        joined = (dropout(seen, self.dropout, noise) @ value).transpose(2, 3)
        rows = rows + apply_linear(p, f"{name}.joined", joined.reshape(rows.shape))
        h = apply_linear(p, f"{name}.inner", apply_norm(p, f"{name}.norm", rows, "layer", False))
        rows = rows + apply_linear(p, f"{name}.outer", dropout(h.relu(), self.dropout, noise))
        return rows.view(tokens.shape)

    def module(self, input_shape: tuple[int, ...], outputs: int) -> "nn.Module":
        """One replicate, with torch's own attention."""
        import torch
        from torch import nn
        from torch.nn import functional

        of, width, steps = self, self.width, input_shape[-1]

        class Block(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.before, self.norm = norm_module(width, "layer"), norm_module(width, "layer")
                self.attended, self.joined = nn.Linear(width, 3 * width), nn.Linear(width, width)
                self.inner = nn.Linear(width, HIDDEN * width)
                self.outer = nn.Linear(HIDDEN * width, width)

            def forward(self, x: "Tensor") -> "Tensor":
                parts = self.attended(self.before(x)).chunk(3, -1)
                heads = (part.unflatten(-1, (of.heads, -1)).transpose(1, 2) for part in parts)
                query, key, value = heads
                share = of.dropout if self.training else 0.0
                found = functional.scaled_dot_product_attention(query, key, value, None, share)
                x = x + self.joined(found.transpose(1, 2).flatten(2))
                h = functional.dropout(self.inner(self.norm(x)).relu(), share, self.training)
                added: Tensor = self.outer(h)
                return x + added

        class Module(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.own = nn.Parameter(torch.empty(1, width).uniform_(-1, 1) * width**-0.5)
                if len(input_shape) == 1:
                    self.tokens = nn.Parameter(torch.empty(steps, width).uniform_(-1, 1))
                else:
                    self.channels = nn.Linear(math.prod(input_shape[:-1]), width)
                self.places = nn.Parameter(torch.empty(steps, width).uniform_(-1, 1) * width**-0.5)
                self.blocks = nn.ModuleList(Block() for _ in range(of.depth))
                self.norm, self.head = norm_module(width, "layer"), nn.Linear(width, outputs)

            def forward(self, x: "Tensor") -> "Tensor":
                flat = len(input_shape) == 1
                tokens = (
                    x.unsqueeze(-1) * self.tokens if flat else self.channels(x.flatten(1, -2).mT)
                )
                tokens = torch.cat([self.own.expand(len(x), 1, width), tokens + self.places], 1)
                for block in self.blocks:
                    tokens = block(tokens)
                last = tokens[:, 0] if of.depth else tokens[:, 1:].mean(1)
                found: Tensor = self.head(self.norm(last).relu())
                return found

        return Module()

    def without_effect(self) -> frozenset[str]:
        """Without a block there is no attention."""
        return frozenset() if self.depth else frozenset({"heads", "dropout"})


ENTRY = Transformer
