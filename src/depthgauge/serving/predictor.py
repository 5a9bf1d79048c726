"""One trained replicate, its scaling and the encoder of its data: from raw rows to answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from safetensors.numpy import load, save

from depthgauge.data.dataset import Dataset, Float32Array, Float64Array, Scaling
from depthgauge.data.kinds.kind import Encoder, parse_encoder
from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes
from depthgauge.serving.frame import INPUT, read_frame
from depthgauge.serving.network import describe_network, predict
from depthgauge.training.networks.network import Network

Weights = Mapping[str, np.ndarray]
_SCALING = ("input_centre", "input_scale", "target_centre", "target_scale")
# The encoder is the file that `prepare` wrote, but for the window of the network's point.
FILES = ("encoder.json", "network.json", "network.safetensors")


@dataclass(frozen=True)
class Predictor:
    """A network that takes raw rows.

    network: what it is but for its weights. weights: of one replicate, tensors named as in a
    torch.nn.Sequential. scaling: that replicate's, arrays of (F,) and (K,).
    """

    encoder: Encoder
    network: Mapping[str, Any]
    weights: Weights
    scaling: Scaling

    def predict(self, rows: pd.DataFrame, probabilities: bool = False) -> pd.DataFrame:
        """Answers in the unit of the raw target, under the names of the raw columns.

        rows: at least the encoder's columns, as in the raw table; what is a code rather than a
        number (01067) as text, which `pandas.read_csv` keeps with `dtype=str`. Of a series, rows
        from which each window gives an answer; of sequences, all rows of each, in any order.
        Returns a row for each row (its index kept): the class, the number or the clean pixels; of
        sequences a row for each, its id first; of a series a row for each window: the first time
        it predicts, then the value of that time and of those after it. Where a row is a step,
        whatever its date (gaps: ignore), a step beyond the last row is called by that one:
        "2015-12 + 1". With probabilities a column for each class beside the class, `probability of
        3`: the softmax of the network's outputs, which add up to 1. A network that overfits is
        surer than it is right.

        Raises InputError naming row (counted from 1) and column, for what the network cannot take,
        and where probabilities are asked of one that answers with numbers.
        """
        encoder = self.encoder
        encoded = encoder.encode(read_frame(rows, encoder.columns, encoder.number_columns))
        if not len(encoded.inputs):
            raise InputError(f"{INPUT}: is too short; the network takes {encoder.rows_needed}")
        outputs = self.outputs(encoded.inputs)
        answers = encoder.decode(outputs)
        if probabilities:
            if not encoder.classes:
                raise InputError(
                    "probabilities: this network answers with numbers, not with classes"
                )
            shares = torch.from_numpy(outputs).softmax(1).numpy()
            for place, name in enumerate(encoder.classes):
                answers[f"probability of {name}"] = shares[:, place]
        if encoder.naming_column is None:
            return answers.set_axis(rows.index)
        answers.insert(0, encoder.naming_column, list(encoder.name_answers(encoded.row_names)))
        return answers

    def outputs(self, inputs: Float32Array) -> Float64Array:
        """(n, K) what the network says of unscaled inputs (n, F): logits, or unscaled numbers."""
        centre, scale, target_centre, target_scale = (
            getattr(self.scaling, name).astype(np.float64) for name in _SCALING
        )
        # A missing value stands for the training mean.
        scaled = (inputs.astype(np.float64) - centre) / scale
        scaled = np.nan_to_num(scaled, nan=0.0, posinf=np.inf, neginf=-np.inf)
        outputs: Float64Array = predict(self.network, self.weights, scaled).astype(np.float64)
        if not self.encoder.classes:
            outputs = outputs * target_scale + target_centre
        return outputs


def make_predictor(
    encoder: Encoder, network: Network, dataset: Dataset, weights: Weights, replicate: int
) -> Predictor:
    """The predictor of one replicate; weights: its own, tensors named as in a torch module."""
    split = dataset.splits.of_replicate(replicate)
    return Predictor(
        # The point's own window, where that is the axis.
        encoder.at_shape(dataset.input_shape),
        describe_network(network, dataset),
        weights,
        Scaling(**{name: getattr(dataset.scaling, name)[split] for name in _SCALING}),
    )


def write_predictor(predictor: Predictor) -> dict[str, bytes]:
    """The predictor as `FILES`, by name: JSON and safetensors."""
    scaling = {name: getattr(predictor.scaling, name) for name in _SCALING}
    tensors = {k: np.ascontiguousarray(v) for k, v in {**predictor.weights, **scaling}.items()}
    encoder = json_bytes(predictor.encoder.model_dump(mode="json"))
    contents = (encoder, json_bytes(dict(predictor.network)), save(tensors))
    return dict(zip(FILES, contents, strict=True))


def read_predictor(files: Mapping[str, Path]) -> Predictor:
    """What `write_predictor` made. files: where each of `FILES` lies."""
    encoder, network, tensors = (files[name].read_bytes() for name in FILES)
    weights = load(tensors)
    scaling = Scaling(**{name: weights.pop(name) for name in _SCALING})
    return Predictor(parse_encoder(encoder), json.loads(network), weights, scaling)
