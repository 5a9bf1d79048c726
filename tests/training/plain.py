"""The reference: one replicate in a plain torch.nn.Sequential loop, with autograd."""

from dataclasses import asdict

import numpy as np
import torch
from torch import nn

from depthgauge.data.dataset import SPLIT_NAMES, Dataset
from depthgauge.seeds import Purpose, generator
from depthgauge.training.recipe import Recipe

# The modules of torch.nn by their names: "hardsigmoid", "leakyrelu".
ACTIVATIONS = {name.lower(): module for name, module in vars(nn).items() if name[0].isupper()}
LOSSES = {
    "cross_entropy": nn.CrossEntropyLoss,
    "mae": nn.L1Loss,
    "mse": nn.MSELoss,
    "huber": nn.HuberLoss,
}


def plain_network(recipe: Recipe, inputs: int, outputs: int) -> nn.Sequential:
    of, layers, width = recipe.network, [], inputs
    for _ in range(of.depth):
        layers += [nn.Linear(width, of.width), ACTIVATIONS[of.activation]()]
        width = of.width
    return nn.Sequential(*layers, nn.Linear(width, outputs))


def plain_optimizer(recipe: Recipe, network: nn.Module) -> torch.optim.Optimizer:
    options = recipe.optimizer.model_dump(exclude={"name", "learning_rate"})
    classes = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    make = classes[recipe.optimizer.name]
    return make(network.parameters(), lr=recipe.optimizer.learning_rate, **options)


def scaled_splits(dataset: Dataset, replicate: int, dtype: torch.dtype) -> dict:
    s = dataset.splits.of_replicate(replicate)
    scaling = {k: v.astype(np.float64) for k, v in asdict(dataset.scaling).items()}
    result = {}
    for name in SPLIT_NAMES:
        rows = dataset.splits[name][s]
        x = (dataset.inputs[rows] - scaling["input_centre"][s]) / scaling["input_scale"][s]
        if dataset.task == "classification":
            y = torch.from_numpy(dataset.targets[rows])
        else:
            y = (dataset.targets[rows] - scaling["target_centre"][s]) / scaling["target_scale"][s]
            y = torch.from_numpy(y).to(dtype)
        result[name] = (torch.from_numpy(x).to(dtype), y)
    return result


def train_plain(
    dataset: Dataset,
    recipe: Recipe,
    replicate: int,
    seed: int,
    initial: dict[str, np.ndarray],
    dtype: torch.dtype,
) -> dict[str, list[float]]:
    """The curves of one replicate from the initial weights given (a Sequential's state_dict)."""
    network = plain_network(recipe, dataset.inputs.shape[1], dataset.outputs).to(dtype)
    network.load_state_dict({k: torch.from_numpy(v).to(dtype) for k, v in initial.items()})
    optimizer, measure = plain_optimizer(recipe, network), LOSSES[recipe.loss.name]()
    of, draws = recipe.regularisation, generator(seed, Purpose.REGULARISATION, replicate)
    smooth = {"label_smoothing": of.label_smoothing} if recipe.loss.classes else {}
    loss = LOSSES[recipe.loss.name](**smooth)
    splits = scaled_splits(dataset, replicate, dtype)
    steps = recipe.epochs * -(-len(splits["train"][0]) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    order = generator(seed, Purpose.BATCH_ORDER, replicate)
    curves = {f"{name}_loss": [] for name in SPLIT_NAMES}
    for _ in range(recipe.epochs):
        network.train()
        x, y = splits["train"]
        for batch in torch.from_numpy(order.permutation(len(x))).split(recipe.batch_size):
            optimizer.zero_grad()
            seen, share, other = x[batch], 1.0, y[batch]
            if of.input_noise:
                noise = torch.from_numpy(draws.standard_normal(seen.shape, np.float32))
                seen = seen + of.input_noise * noise.to(dtype)
            if of.mixup:
                share, partners = draws.beta(of.mixup, of.mixup), draws.permutation(len(batch))
                seen = share * seen + (1 - share) * seen[partners]
                other = other[partners]
            outputs = network(seen)
            (share * loss(outputs, y[batch]) + (1 - share) * loss(outputs, other)).backward()
            if of.gradient_clipping:
                nn.utils.clip_grad_norm_(network.parameters(), of.gradient_clipping)
            optimizer.step()
            if recipe.schedule == "cosine":
                schedule.step()
        network.eval()
        with torch.no_grad():
            for name, (x, y) in splits.items():
                curves[f"{name}_loss"].append(float(measure(network(x), y)))
    return curves
