"""The settings of a first experiment that no table tells."""

from typing import Any

from depthgauge.infer.inferred import Inferred
from depthgauge.tables.table import Format


def settings_content(name: str, path: str, written: Format, inferred: Inferred) -> dict[str, Any]:
    """The whole content of a params.yaml. path, written: where and how the raw file is."""
    data, sizes = inferred.data, inferred.sizes
    is_series, has_classes = data["kind"] == "series", data.get("task") == "classification"
    rate = 0.001 if is_series else 0.003
    return {
        "experiment": name,
        "seed": 0,
        "replicates": sizes.replicates,
        "axis": "depth",
        "points": list(range(7)),
        "recipes": ["fixed"],
        "data": {"path": path, **written._asdict(), **data},
        "recipe": {
            "network": {
                "family": "mlp",
                "depth": 1,
                "width": 64,
                "activation": "relu",
                "initialisation": "kaiming_uniform",
            },
            "optimizer": {"name": "adam", "learning_rate": rate, "weight_decay": 0.0},
            "schedule": "constant",
            "batch_size": sizes.batch_size,
            "epochs": sizes.epochs,
            "loss": "mae" if is_series else "cross_entropy" if has_classes else "mse",
        },
        "search": {
            "objective": "validation_loss",
            "trials": 24,
            "replicates": 8,
            "sampler": "tpe",
            "startup_trials": 5,
            "pruner": "median",
            "space": {
                "learning_rate": {"low": 0.0003, "high": 0.03},
                "batch_size": [32, 64, 128],
                "width": {"low": 16, "high": 128},
            },
        },
        "training": {"device": "cpu"},
        "threshold": {
            "margin": 0.01,
            "alpha": 0.05,
            "diverged_share": 0.1,
            "falling_over": 0.1,
            "memorised": 0.01 if has_classes else 0.1,
            "resamples": 10000,
            "stability_resamples": 1000,
            # Two weeks of days: neighbouring ones are alike.
            "block": 14 if is_series else 1,
        },
        "tracking": {"curve_points": 10, "live_after": 15.0},
    }
