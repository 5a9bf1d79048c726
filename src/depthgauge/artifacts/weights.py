"""The weights of a trained point, as `trained.write_trained` left them."""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from depthgauge.artifacts.runs import read_provenance
from depthgauge.errors import InputError
from depthgauge.files.contents import read_output
from depthgauge.files.digests import bytes_digest


def read_weights(folder: Path, stopping: str) -> dict[str, np.ndarray]:
    """The tensors named as in a torch.nn.Sequential, all replicates in front.

    folder: of the trained point. Raises InputError if they are missing or damaged.
    """
    path = folder / f"weights-{stopping}.safetensors"
    data = read_output(path)
    if bytes_digest(data) != read_provenance(folder)["digests"].get(path.name):
        raise InputError(f"{path}: is not the file provenance.json tells of; run `dvc repro`")
    try:
        return load(data)
    except (SafetensorError, ValueError) as error:
        raise InputError(f"{path}: is damaged; run `dvc repro`") from error
