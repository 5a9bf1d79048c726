"""A network as a version of a registered model in MLflow; what is there already is not doubled."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from depthgauge.files.digests import bytes_digest, json_digest
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store

if TYPE_CHECKING:
    from mlflow.models import ModelSignature
    from mlflow.tracking import MlflowClient

MODEL_DIGEST = "depthgauge.model_digest"
ALIAS = "recommended"
CODE = Path(__file__).resolve().parent.parent / "serving" / "from_code.py"
# What from_code.py imports. Without the build (`+cpu`), which no package index knows; depthgauge
# itself must come from where it was installed from here.
REQUIRED = ("depthgauge", "mlflow", "numpy", "pandas", "safetensors", "torch")


@dataclass(frozen=True)
class NetworkVersion:
    """What is to be registered.

    name: of the registered model. run_id: of the run it was trained in. files: their contents by
    name. example, answers: raw rows and what is predicted from them. tags, note: of the version;
    about: of the model. options: the parameters of a prediction, with their defaults.
    """

    name: str
    run_id: str
    files: Mapping[str, bytes]
    example: pd.DataFrame
    answers: pd.DataFrame
    tags: Mapping[str, str]
    note: str
    about: str
    options: Mapping[str, bool]

    @property
    def digest(self) -> str:
        """Of what predictions depend on."""
        return json_digest([bytes_digest(data) for data in self.files.values()])


def register(store: Store, network: NetworkVersion, say: Callable[[str], None]) -> tuple[str, bool]:
    """The number of the version that holds the network, and whether it is new.

    A version is known by its digest: registering the same network again only brings its tags and
    notes up to date. The alias `recommended` then points to it. Raises InputError, one line, for a
    store that cannot be reached or written.
    """
    # MLflow would draw bars of its own on a terminal, and in a log.
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    with open_store(store, say) as client:
        versions = client.search_model_versions(f"name = '{network.name}'")
        same = [v for v in versions if v.tags.get(MODEL_DIGEST) == network.digest]
        # The newest, where there are several of one digest.
        known = str(max(int(v.version) for v in same)) if same else None
        number = known or _log(client, network, store.uri)
        for key, value in {**network.tags, MODEL_DIGEST: network.digest}.items():
            client.set_model_version_tag(network.name, number, key, value)
        client.update_model_version(network.name, number, network.note)
        client.update_registered_model(network.name, network.about)
        client.set_registered_model_alias(network.name, ALIAS, number)
    return number, known is None


def _log(client: "MlflowClient", network: NetworkVersion, uri: str) -> str:
    """A logged model below its run, and a version of it."""
    from mlflow import pyfunc
    from mlflow.models import Model

    experiment = client.get_run(network.run_id).info.experiment_id
    with _use_store(uri, experiment), tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / name for name in network.files}
        for name, path in paths.items():
            path.write_bytes(network.files[name])
        logged = Model.log(
            artifact_path=None,
            # MLflow allows less in the name of a logged model than in that of a registered one.
            name=re.sub(r"[^\w -]", "_", network.name),
            flavor=pyfunc,
            run_id=network.run_id,
            python_model=str(CODE),
            artifacts={name: str(path) for name, path in paths.items()},
            signature=_infer_signature(network),
            input_example=network.example,
            pip_requirements=[f"{name}=={version(name).partition('+')[0]}" for name in REQUIRED],
            tags=dict(network.tags),
        )
        if not client.search_registered_models(f"name = '{network.name}'"):
            client.create_registered_model(network.name)
        # With its digest from the first moment: a version without one would be made again.
        known = {"tags": {MODEL_DIGEST: network.digest}, "model_id": logged.model_id}
        uri = logged.model_uri
        return str(client.create_model_version(network.name, uri, network.run_id, **known).version)


def _infer_signature(network: NetworkVersion) -> "ModelSignature":
    """The columns by name, of any type: the network reads and checks cells as `prepare` does.

    With types, MLflow would refuse whole numbers where it saw numbers with decimals before.
    """
    from mlflow.models import ModelSignature, infer_signature
    from mlflow.types.schema import AnyType, ColSpec, DataType, ParamSchema, ParamSpec, Schema

    kind = AnyType()  # type: ignore[no-untyped-call]
    inputs = Schema([ColSpec(kind, name) for name in network.example.columns])
    options = [ParamSpec(n, DataType.boolean, default) for n, default in network.options.items()]
    params = ParamSchema(options) if options else None
    # Without any they are left out, which its type does not say.
    return ModelSignature(inputs, infer_signature(network.answers).inputs, params)  # type: ignore[arg-type]


@contextmanager
def _use_store(uri: str, experiment: str) -> Iterator[None]:
    """The store and the experiment of MLflow's fluent functions; undone afterwards."""
    import mlflow

    names = ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_ID")
    before = {name: os.environ[name] for name in names if name in os.environ}
    store = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None  # type: ignore[no-untyped-call]
    # The environment alone would not do: where a store was set in this process, it goes first.
    mlflow.set_tracking_uri(uri)
    os.environ["MLFLOW_EXPERIMENT_ID"] = experiment
    try:
        yield
    finally:
        # Sets the environment too, whatever stood there.
        mlflow.set_tracking_uri(store)  # type: ignore[arg-type]  # None: as if never set
        for name in names:
            os.environ.pop(name, None)
        os.environ.update(before)
