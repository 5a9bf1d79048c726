"""One trained replicate, its scaling and its description: from raw rows to answers."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from safetensors.numpy import load, save

from depthgauge.data.dataset import FloatArray, Scaling
from depthgauge.files.atomic import json_bytes
from depthgauge.serving.description import Description, raw_columns
from depthgauge.serving.frame import table_of_frame
from depthgauge.serving.network import predict
from depthgauge.serving.rows import raw_inputs

SCALING = ("input_centre", "input_scale", "target_centre", "target_scale")


@dataclass(frozen=True)
class Predictor:
    """A network that takes raw rows.

    description: of `described`, with the `network`. tensors: one replicate's state_dict, and its
    four arrays of scaling.
    """

    description: Description
    tensors: dict[str, np.ndarray]

    def predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Answers in the unit of the raw target, under the names of the raw columns.

        rows: at least the columns of `raw_columns`; of a series, rows from which each window gives
        an answer. Returns a row for each row (its index kept): the class, the number or the clean
        pixels; of a series a row for each window: the first day it predicts, then the value of that
        day and of those after it. Where a row is a step, whatever its date (gaps: ignore), a step
        beyond the last row is called by that one: "2015-12 + 1".

        Raises InputError naming row (counted from 1) and column, for what the network cannot take.
        """
        inputs = raw_inputs(self.description, table_of_frame(rows, raw_columns(self.description)))
        outputs = self.outputs(inputs.values)
        if inputs.when is None:
            return self._named(outputs, rows.index)
        if self.description["rows"]["transform"] == "log":
            outputs = np.exp(outputs)
        answers = self._named(outputs, pd.RangeIndex(len(outputs)))
        answers.insert(0, self.description["rows"]["date"], inputs.when)
        return answers

    def outputs(self, inputs: FloatArray) -> np.ndarray:
        """(n, K) what the network says of unscaled inputs (n, F): logits, or unscaled numbers."""
        scaling = self._scaling
        scaled = _double(inputs, scaling.input_centre) / scaling.input_scale.astype(np.float64)
        # A missing value stands for the training mean.
        scaled = np.nan_to_num(scaled, nan=0.0, posinf=np.inf, neginf=-np.inf)
        weights = {name: t for name, t in self.tensors.items() if name not in SCALING}
        raw = predict(self.description["network"], weights, scaled).astype(np.float64)
        if self.description["task"] == "classification":
            return raw
        return raw * scaling.target_scale.astype(np.float64) + scaling.target_centre

    @property
    def _scaling(self) -> Scaling:
        return Scaling(**{name: self.tensors[name] for name in SCALING})

    def _named(self, outputs: np.ndarray, index: pd.Index) -> pd.DataFrame:
        target, classes = self.description["target"], self.description["classes"]
        if classes:
            return pd.DataFrame({target: class_labels(classes)[outputs.argmax(1)]}, index=index)
        if self.description["rows"]["kind"] == "images":
            return pd.DataFrame(outputs, index, self.description["rows"]["pixels"])
        steps = outputs.shape[1]
        names = [target] if steps == 1 else [f"{target} {step}" for step in range(1, steps + 1)]
        return pd.DataFrame(outputs, index, names)


def class_labels(classes: list[str]) -> np.ndarray:
    """The classes as pandas reads them from a raw table: whole numbers where all are such."""
    whole = all(re.fullmatch("-?[0-9]+", name) and str(int(name)) == name for name in classes)
    return np.array([int(name) for name in classes] if whole else classes, dtype=None)


def _double(values: np.ndarray, centre: np.ndarray) -> np.ndarray:
    difference: np.ndarray = values.astype(np.float64) - centre.astype(np.float64)
    return difference


def predictor_files(predictor: Predictor) -> dict[str, bytes]:
    """The predictor as two files by name: JSON and safetensors."""
    tensors = {name: np.ascontiguousarray(tensor) for name, tensor in predictor.tensors.items()}
    return {
        "network.json": json_bytes(predictor.description),
        "network.safetensors": save(tensors),
    }


def read_predictor(description: Path, tensors: Path) -> Predictor:
    """What `predictor_files` made."""
    content: dict[str, Any] = json.loads(description.read_text(encoding="utf-8"))
    return Predictor(content, load(tensors.read_bytes()))
