"""Small data sets and a reference trainer: a plain nn.Sequential loop, one replicate at a time."""

import numpy as np
import pytest
import torch

from depthgauge.data.dataset import Dataset, Scaling, Splits
from depthgauge.training.recipe import Recipe

RECIPE = {
    "network": {
        "family": "mlp",
        "depth": 2,
        "width": 11,
        "activation": "relu",
        "initialisation": "kaiming_uniform",
    },
    "optimizer": {"name": "adam", "learning_rate": 0.003, "weight_decay": 0.0},
    "schedule": "constant",
    "batch_size": 16,
    "epochs": 4,
    "loss": "cross_entropy",
    "regularisation": {
        "label_smoothing": 0.0,
        "mixup": 0.0,
        "input_noise": 0.0,
        "gradient_clipping": 0.0,
    },
}

ROWS, INPUTS = 150, 7


def make_dataset(task: str, replicates: int, resampled: bool = True) -> Dataset:
    rng = np.random.default_rng(3)
    inputs = rng.normal(2.0, 3.0, (ROWS, INPUTS)).astype(np.float32)
    sets = replicates if resampled else 1
    orders = np.stack([np.random.default_rng([9, s]).permutation(ROWS) for s in range(sets)])
    splits = Splits(*(np.sort(orders[:, a:b], 1) for a, b in ((0, 70), (70, 100), (100, ROWS))))
    outputs = 2 if task == "regression" else 0
    scaling = Scaling(
        rng.normal(2, 0.1, (sets, INPUTS)).astype(np.float32),
        rng.uniform(2, 4, (sets, INPUTS)).astype(np.float32),
        rng.normal(0, 1, (sets, outputs)).astype(np.float32),
        rng.uniform(1, 2, (sets, 1)).astype(np.float32).repeat(outputs, 1),
    )
    if task == "regression":
        targets = np.stack([inputs.sum(1), np.abs(inputs).max(1)], 1).astype(np.float32)
    else:
        targets = (inputs[:, 0] > 2).astype(np.int64) + (inputs[:, 1] > 4)
    return Dataset(
        task=task,
        inputs=inputs,
        targets=targets,
        input_names=tuple(f"x{k}" for k in range(INPUTS)),
        row_names=tuple(str(k) for k in range(ROWS)),
        classes=() if task == "regression" else ("a", "b", "c"),
        splits=splits,
        scaling=scaling,
        scaling_groups=np.arange(INPUTS),
        train_targets=None,
        reference=None,
        input_shape=(INPUTS,),
        target_shape=(outputs,) if outputs else (),
    )


def make_recipe(**values) -> Recipe:
    """A recipe with other values: of sections whole, an optimizer by its name, others by leaf."""
    content = RECIPE | {k: values.pop(k) for k in ("network", "loss") if k in values}
    optimizer = RECIPE["optimizer"] | {"name": values.pop("optimizer", "adam")}
    if "momentum" in values:
        optimizer["momentum"] = values.pop("momentum")
    content |= {"optimizer": optimizer}
    return Recipe.model_validate(content).with_values(values)


@pytest.fixture
def same_threads_after():
    """A test that changes the number of threads has it put back."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
