"""A table with a row for each image."""

from depthgauge.errors import InputError
from depthgauge.infer.inferred import Inferred, Overrides
from depthgauge.infer.messages import imbalance_line, target_line
from depthgauge.infer.sizes import choose_sizes
from depthgauge.infer.target import infer_target
from depthgauge.tables.table import Table


def infer_images(table: Table, overrides: Overrides) -> Inferred:
    """Every column but the target is a pixel. Raises InputError where the target is no class."""
    target = infer_target(table, overrides.target, overrides.task or "classification")
    if target.task != "classification":
        raise InputError("--task regression: images have classes; use --kind table for numbers")
    sizes = choose_sizes(len(table.lines))
    data = {
        "kind": "images",
        "target": overrides.target,
        "task": "classification",
        "scaling": "all",
        "label_noise": 0.0,
        "input_noise": 0.0,
        "split": sizes.split,
    }
    messages = [
        target_line(overrides.target, target),
        f"inputs: {len(table.columns) - 1} pixels",
        imbalance_line(target),
    ]
    return Inferred(data, sizes, messages)
