"""The settings of a first experiment: texts/params.yaml, and what follows from the table."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from depthgauge.infer.inferred import Inferred
from depthgauge.tables.table import Format

_TEMPLATE = Path(__file__).with_name("texts") / "params.yaml"


def settings_content(name: str, path: str, written: Format, inferred: Inferred) -> dict[str, Any]:
    """The whole content of a params.yaml. path, written: where and how the raw file is."""
    data, sizes = inferred.data, inferred.sizes
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(_TEMPLATE)
    recipe, threshold = content["recipe"], content["threshold"]
    content |= {"experiment": name, "replicates": sizes.replicates, "metrics": inferred.metrics}
    content["data"] = {"path": path, **written._asdict(), **data}
    recipe |= {"batch_size": sizes.batch_size, "epochs": sizes.epochs}
    if data["kind"] == "series":
        recipe["optimizer"]["learning_rate"] = 0.001
        recipe["loss"] = "mae"
        # Two weeks of days: neighbouring ones are alike.
        threshold["block"] = 14
    elif data["task"] == "classification":
        recipe["loss"] = "cross_entropy"
    return content
