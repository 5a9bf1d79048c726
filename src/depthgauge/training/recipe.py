"""Everything that decides a training result besides the data and the seed."""

from dataclasses import dataclass
from typing import Literal

Activation = Literal["relu", "tanh", "sigmoid", "hard_sigmoid", "gelu", "identity"]
Initialisation = Literal["default", "kaiming"]
Optimizer = Literal["gradient_descent", "momentum", "adam", "adamw"]
Schedule = Literal["constant", "cosine"]
Loss = Literal["cross_entropy", "mae", "mse", "huber"]


@dataclass(frozen=True)
class Recipe:
    """The recipe of one point.

    depth: hidden layers, 0 is the linear model. width: units in each hidden layer. momentum: used
    by the optimizer `momentum` alone. weight_decay: decoupled for `adamw`, added to the gradient
    otherwise. batch_size: examples a step; the last batch of an epoch may be smaller.
    """

    depth: int
    width: int
    activation: Activation
    initialisation: Initialisation
    optimizer: Optimizer
    learning_rate: float
    schedule: Schedule
    momentum: float
    weight_decay: float
    batch_size: int
    loss: Loss
    epochs: int
