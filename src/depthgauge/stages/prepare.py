"""prepare: make the examples, the splits and the scaling from the raw table.

Writes data/prepared, which every later stage reads.

examples:
  depthgauge prepare
"""

from pathlib import Path

from depthgauge.artifacts.dataset import PREPARED, write_prepared
from depthgauge.progress import say
from depthgauge.settings.schema import Settings
from depthgauge.stages.data import prepare_data


def prepare(folder: Path, settings: Settings) -> None:
    """Check the raw data and write the pool, the splits, the scaling and meta.json."""
    result = prepare_data(folder, settings)
    write_prepared(
        folder / PREPARED,
        result.prepared,
        {settings.data.path: result.raw_digest},
        result.dropped,
        result.baselines,
        settings.data_settings(),
    )
    splits = result.prepared.splits
    sizes = " / ".join(str(splits[name].shape[1]) for name in ("train", "validation", "test"))
    each = f", drawn anew for each of {settings.replicates} replicates" if splits.resampled else ""
    say(f"prepare: {sizes} examples for train / validation / test{each}")
