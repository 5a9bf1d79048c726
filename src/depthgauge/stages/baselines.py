"""baselines: measure what any network must beat.

Gradient-boosted trees with scikit-learn's defaults, the best constant, and for a series
what it was before, on the splits of the replicates. Written to results/baselines.json.

examples:
  depthgauge baselines
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from depthgauge.artifacts.baselines import write_baselines
from depthgauge.artifacts.dataset import PREPARED, check_settings, read_dataset
from depthgauge.artifacts.encoder import read_encoder
from depthgauge.data.dataset import SPLIT_NAMES, Dataset, Float64Array, of_first
from depthgauge.processes import Tell, cores, run_tasks
from depthgauge.progress import Progress, say
from depthgauge.settings.schema import Settings
from depthgauge.training.baselines import TREES, measure_baselines, measure_outputs
from depthgauge.training.metrics.metric import metrics_for
from depthgauge.training.trees import fit_trees, number_of_fits


@dataclass(frozen=True)
class _Fit:
    """What a process needs to fit trees on one split."""

    dataset: Dataset
    number: int
    seed: int


def baselines(folder: Path, settings: Settings) -> None:
    """Measure every baseline on the splits of the first look's replicates.

    The number of those does not depend on where a plan of looks ends, so nothing is fitted again.
    The data are those of the settings, whatever a point makes of them.
    """
    whole, meta = read_dataset(folder / PREPARED)
    check_settings(folder / PREPARED, meta, settings.data_settings())
    dataset = of_first(whole, settings.looks[0])
    guesses = read_encoder(folder / PREPARED).guesses(dataset)
    loss = settings.recipe.loss
    metrics = metrics_for(len(dataset.classes), loss.name)
    # Before anything that starts threads is imported: processes are forked.
    outputs = _fit_all(dataset, settings.seed, cores())
    found = measure_baselines(dataset, loss, guesses, metrics)
    if outputs:
        found[TREES] = measure_outputs(dataset, loss, outputs, metrics)
    else:
        say("baselines: gradient-boosted trees would take too long on so many numbers; left out")
    write_baselines(folder, settings, found)
    told = (f"{n.replace('_', ' ')} {of['loss']['test'].mean():.4g}" for n, of in found.items())
    say(f"baselines: test loss of {', '.join(told)}")


def _fit_all(dataset: Dataset, seed: int, processes: int) -> dict[str, Float64Array]:
    """Outputs (S, n, K) on each split of the trees of the first S sets, each fitted by itself."""
    count = number_of_fits(dataset)
    fits = [_Fit(dataset, number, seed) for number in range(count)]
    if not count:
        return {}
    models = count * (1 if dataset.classes else dataset.outputs)
    with Progress("baselines", models, "models of gradient-boosted trees") as progress:
        done = run_tasks(_fit, fits, processes, progress.advance)
    return {split: np.stack([each[split] for each in done]) for split in SPLIT_NAMES}


def _fit(fit: _Fit, tell: Tell) -> dict[str, Float64Array]:
    return fit_trees(fit.dataset, fit.number, fit.seed, tell)
