"""For all tests."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from depthgauge.files.work import work_folder
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import find_store

# A busy machine must not fail a property: no deadline for an example.
settings.register_profile("depthgauge", deadline=None)
settings.load_profile("depthgauge")


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A database with MLflow's schema and no experiment of ours: making one takes seconds."""
    store = find_store(tmp_path_factory.mktemp("schema"), {})
    with open_store(store, lambda _: None):
        pass
    assert store.database is not None
    from mlflow.store.db import utils

    # For each database that it opens MLflow runs all its migration scripts, to learn the last one.
    with pytest.MonkeyPatch.context() as patch:
        revision = utils._get_latest_schema_revision()
        patch.setattr(utils, "_get_latest_schema_revision", lambda: revision)
        yield store.database


@pytest.fixture(scope="session")
def place_store(schema: Path) -> Callable[[Path], None]:
    """Puts an empty MLflow store where an experiment's folder looks for its own."""

    def place(folder: Path) -> None:
        work = work_folder(folder)
        work.mkdir(exist_ok=True)
        shutil.copy(schema, work / "mlflow.db")

    return place
