"""A table with a row for each image."""

import numpy as np

from depthgauge.errors import InputError
from depthgauge.infer.doubts import case_line, few_line
from depthgauge.infer.inferred import Inferred, Overrides
from depthgauge.infer.messages import imbalance_line, sample_line, target_line
from depthgauge.infer.sizes import choose_sizes
from depthgauge.infer.target import choose_metrics, infer_target
from depthgauge.tables.cells import parse_numbers
from depthgauge.tables.table import Table, quote


def infer_images(table: Table, overrides: Overrides) -> Inferred:
    """Every column but the target is a pixel. Raises InputError where the target is no class."""
    target = infer_target(table, overrides.target, overrides.task or "classification")
    if target.task != "classification":
        raise InputError("--task regression: images have classes; use --kind table for numbers")
    others = [name for name in table.columns if name != overrides.target]
    # What holds words is no pixel: it may name who drew the image.
    worded = [n for n in others if np.isnan(parse_numbers(table.cells[n], table.decimal)).all()]
    group = worded[0] if len(worded) == 1 and len(others) > 1 else None
    sizes = choose_sizes(len(table.lines))
    data = {
        "kind": "images",
        "target": overrides.target,
        "group": group,
        "task": "classification",
        "scaling": "all",
        "label_noise": 0.0,
        "input_noise": 0.0,
        "split": {"by": "rows", **sizes.split},
    }
    messages = [
        target_line(overrides.target, target),
        f"inputs: {len(others) - (group is not None)} pixels",
        *([] if group is None else [_group_line(group)]),
        imbalance_line(target),
        case_line(overrides.target, target.labels),
        few_line(len(table.lines), sizes.train, "images"),
        sample_line(sizes, len(table.lines), "images"),
    ]
    return Inferred(data, sizes, choose_metrics(target), messages)


def _group_line(group: str) -> str:
    return (
        f"groups: {quote(group)} holds no numbers: its rows are taken to belong together, as those "
        "of one person do (data.group). Look whether they do; if not, take the column out"
    )
