"""results/metrics/RECIPE-STOPPING.json: what DVC's commands of metrics show, few numbers a view.

`dvc metrics show` has a row for each file and a column for each key, so that the views stand below
each other. Everything else is in threshold.json and verdicts.json.
"""

from pathlib import Path
from typing import Any

from depthgauge.files.atomic import json_bytes, write_folder
from depthgauge.statistics.verdicts import Verdicts, ViewVerdict

DVC_METRICS = Path("results/metrics")


def write_dvc_metrics(folder: Path, verdicts: Verdicts) -> None:
    """Write a file for each view, and no other. Raises InputError if that cannot be."""
    files = {
        f"{recipe}-{stopping}.json": json_bytes(_numbers(verdict))
        for (recipe, stopping), verdict in verdicts.by_view.items()
    }
    write_folder(folder / DVC_METRICS, files)


def _numbers(verdict: ViewVerdict) -> dict[str, Any]:
    """Null, which DVC leaves out, where there is nothing to say.

    rise: the first resolved one of test loss, as a share of the least, with its 95 % interval over
    replicates and examples or groups, or over replicates alone where that is all there is.
    test_loss: the mean at the best point.
    """
    rise = verdict.on_this_data.rise
    comparison = rise and rise.comparison
    interval = comparison and (comparison.relative_crossed_interval or comparison.relative_interval)
    best = None if verdict.best is None else verdict.at(verdict.best)
    return {
        "best": verdict.best,
        "recommended": verdict.recommended,
        "threshold": verdict.on_this_data.threshold,
        "rise": comparison and comparison.relative_rise,
        "rise_low": interval and interval.low,
        "rise_high": interval and interval.high,
        "stability": verdict.stability,
        "test_loss": best and best.means["test_loss"],
    }
