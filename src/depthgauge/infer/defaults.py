"""The settings of a first experiment: texts/params.yaml, and what follows from the table."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from depthgauge.infer.inferred import Inferred
from depthgauge.tables.table import Format

_TEMPLATE = Path(__file__).with_name("texts") / "params.yaml"


def first_settings() -> dict[str, Any]:
    """The content of texts/params.yaml: what does not depend on the data."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(_TEMPLATE)
    return content


def settings_content(
    name: str, path: str, written: Format, inferred: Inferred, network: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The whole content of a params.yaml. path, written: where and how the raw file is.

    network: the section of one's own; None: the usual one.
    """
    data, sizes = inferred.data, inferred.sizes
    content = first_settings()
    recipe, threshold = content["recipe"], content["threshold"]
    content |= {"experiment": name, "replicates": sizes.replicates, "metrics": inferred.metrics}
    content["data"] = {"path": path, **written._asdict(), **data}
    recipe |= {"batch_size": sizes.batch_size, "epochs": sizes.epochs}
    space = content["search"]["space"]
    # The first trial of a search is the recipe itself.
    space["batch_size"] = sorted({sizes.batch_size, *space["batch_size"]})
    if data["kind"] == "series":
        recipe["optimizer"]["learning_rate"] = 0.001
        recipe["loss"] = "mae"
        # Two weeks of days: neighbouring ones are alike.
        threshold["block"] = 14
    elif data["task"] == "classification":
        recipe["loss"] = "cross_entropy"
    if network is not None:
        recipe["network"] = dict(network)
        _fit_search(content["search"], network)
    return content


def _fit_search(search: dict[str, Any], network: Mapping[str, Any]) -> None:
    """Search what a network of one's own has, in ranges that hold its values."""
    for section in (search["space"], search["regularisers"]):
        for name, known in (("width", network["width"]), *network["init_args"].items()):
            ends = section.get(name)
            # A dropout of the class's own is searched as that of a family.
            own = name in ("width", "dropout") and ends is not None
            if own and isinstance(known, type(ends["high"])):
                section[name] = {"low": min(ends["low"], known), "high": max(ends["high"], known)}
    if network["width"] is None:
        del search["space"]["width"]
    if not isinstance(network["init_args"].get("dropout"), float):
        del search["regularisers"]["dropout"]
