"""What MLflow runs to load a registered network: this code and its files; nothing is unpickled.

MLflow keeps a copy of this file beside each model ("models from code"), so it only hands over to
the installed package.
"""

from pathlib import Path

import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from depthgauge.serving.predictor import read_predictor


class NetworkModel(PythonModel):
    """A `Predictor` as MLflow calls it."""

    def load_context(self, context: PythonModelContext) -> None:
        """Read the files."""
        files = {name: Path(path) for name, path in context.artifacts.items()}
        self.predictor = read_predictor(files)

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict | None = None
    ) -> pd.DataFrame:
        """As `Predictor.predict`; params: {"probabilities": True} asks for them, of classes."""
        return self.predictor.predict(model_input, **(params or {}))


set_model(NetworkModel())
