"""The network to use against every baseline, in the loss and in each metric that counts."""

from collections.abc import Mapping

import numpy as np

from depthgauge.settings.schema import Settings
from depthgauge.statistics.baselines import Baseline
from depthgauge.statistics.compare_baselines import compare_baseline
from depthgauge.statistics.stopping import FloatArray
from depthgauge.statistics.verdicts import Choice
from depthgauge.training.baselines import Baselines
from depthgauge.training.metrics.metric import find_metrics
from depthgauge.workflow.judge_views import Measured


def judge_baselines(
    measured: Measured, settings: Settings, choice: Choice | None, baselines: Baselines
) -> tuple[Baseline, ...]:
    """Each of them, quantity by quantity: the loss, the metrics, and with classes accuracy."""
    more = ["accuracy"] if measured.asked.classes else []
    metrics = find_metrics(list(dict.fromkeys([*settings.metrics, *more])))
    own: Mapping[str, FloatArray] = {}
    clusters = np.arange(settings.trained)
    if choice is not None:
        view = measured.losses[choice.view]
        place = view.points.index(choice.point)
        finite, clusters = view.finite[:, place], view.clusters
        own = {
            quantity: np.where(finite, view.quantities[f"test_{quantity}"][:, place], np.nan)
            for quantity in ("loss", *metrics)
        }
    return tuple(
        compare_baseline(
            name,
            quantity,
            quantities[quantity],
            own.get(quantity),
            clusters,
            measured.asked.splits.resampled,
            quantity != "loss" and metrics[quantity].higher,
        )
        for quantity in ("loss", *metrics)
        for name, quantities in baselines.items()
        if quantity in quantities
    )
