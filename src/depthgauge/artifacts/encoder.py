"""data/prepared/encoder.json: how `prepare` read the raw table; training does not depend on it."""

from pathlib import Path

from depthgauge.artifacts.dataset import ENCODER, read_meta, read_whole
from depthgauge.data.kinds.kind import Encoder, parse_encoder
from depthgauge.files.outputs import StaleError


def read_encoder(folder: Path) -> Encoder:
    """The encoder by which `prepare` read the raw table. Raises InputError as `read_dataset`."""
    data = read_whole(folder, read_meta(folder), ENCODER)
    try:
        return parse_encoder(data)
    except ValueError as error:
        raise StaleError(f"{folder}: was written by another version") from error
