"""From the settings and the raw table to the data set, in memory: for `prepare` and `check`."""

from dataclasses import dataclass
from pathlib import Path

from depthgauge.data.dataset import Dataset
from depthgauge.data.kinds.kind import Encoder
from depthgauge.memory import require_memory
from depthgauge.progress import say
from depthgauge.settings.schema import Settings
from depthgauge.tables.table import Format, Table, read_table

FLOAT32_BYTES, INT64_BYTES = 4, 8
# Ten thousand take a second of a small table.
MANY_SPLITS = 50_000


@dataclass(frozen=True)
class Result:
    """The data set, the encoder that made its inputs, and what meta.json tells of them."""

    dataset: Dataset
    encoder: Encoder
    raw_digest: str
    dropped: dict[str, int]


def read_raw_table(folder: Path, settings: Settings) -> Table:
    """The table that the settings name. Raises InputError as `read_table` does."""
    data = settings.data
    return read_table(folder / data.path, Format(data.separator, data.encoding, data.decimal))


def prepare_data(folder: Path, settings: Settings) -> Result:
    """Read the raw table and prepare it. Raises InputError naming file, row, column or key."""
    data = settings.data
    raw = read_raw_table(folder, settings)
    table, without = data.clean(raw)
    encoder = data.fit(table)
    examples, inputs = encoder.count(table)
    what = f"params.yaml: data: {examples} examples of {inputs} inputs"
    require_memory(3 * examples * inputs * FLOAT32_BYTES, what)
    if data.drawn:
        each = data.drawn * INT64_BYTES + 2 * inputs * FLOAT32_BYTES
        what = f"params.yaml: replicates: the splits of {settings.looks[-1]} replicates"
        require_memory(settings.looks[-1] * each, what)
        if settings.looks[-1] > MANY_SPLITS:
            say(f"{what} are drawn, which takes a while")
    dataset, left_out = data.build(
        table, encoder, encoder.encode(table), settings.seed, settings.looks[-1]
    )
    return Result(dataset, encoder, raw.digest, without | left_out)
