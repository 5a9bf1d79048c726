"""prepare: make the examples, the splits and the scaling from the raw table.

Writes data/prepared, which every later stage reads.

examples:
  depthgauge prepare
"""

from pathlib import Path

from depthgauge.artifacts.dataset import PREPARED, write_dataset
from depthgauge.artifacts.raw import prepare_data
from depthgauge.artifacts.seen import with_splits
from depthgauge.progress import say
from depthgauge.settings.schema import Settings


def prepare(folder: Path, settings: Settings) -> None:
    """Check the raw data and write the data set, its encoder and meta.json."""
    result = prepare_data(folder, settings)
    settings.require_metrics(len(result.dataset.classes))
    for name in settings.recipes:
        # Before anything is trained: groups may be too few.
        with_splits(result.dataset, settings, name)
    write_dataset(
        folder / PREPARED,
        result.dataset,
        result.encoder,
        {settings.data.path: result.raw_digest},
        result.dropped,
        settings.data_settings(),
    )
    splits = result.dataset.splits
    sizes = " / ".join(map(str, splits.sizes.values()))
    each = f", drawn anew for each of {settings.looks[-1]} replicates" if splits.resampled else ""
    say(f"prepare: {sizes} examples for train / validation / test{each}")
