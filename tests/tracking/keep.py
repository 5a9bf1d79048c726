"""Keep what this version logs to MLflow, for the tests of later versions.

    python -m tests.tracking.keep

Writes tests/kept/tracking-VERSION: results, a dump of the sqlite store they were logged to, its
artifacts, and all that the store held when they were whole. The last point was left half-way. What
is there is never made again: it is the version's own.
"""

import json
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from depthgauge import __version__
from depthgauge.files.work import work_folder
from depthgauge.settings.schema import Settings
from depthgauge.tracking.store import find_store
from depthgauge.tracking.update import bring_up_to_date
from tests.tracking import fake
from tests.tracking.conftest import KilledError, killing, silent
from tests.tracking.held import held

KEPT = Path(__file__).parents[1] / "kept"
# In place of the folder that the store lay in, which was a machine's own.
PLACE = "FOLDER-OF-THE-STORE"
LAST = 1


def logged() -> list[Settings]:
    """The settings that are logged one after the other."""
    return [fake.settings(0, LAST, tuned=True), fake.settings(0, LAST)]


def keep(target: Path) -> None:
    """Make the folder of this version. Raises FileExistsError where there is one."""
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve() / "kept"
        (folder / ".git").mkdir(parents=True)
        fake.write_point(folder, 0)
        fake.write_searched(folder, 0)
        store = find_store(folder, {})
        for settings in logged():
            bring_up_to_date(folder, settings, store, silent)
        fake.write_point(folder, LAST)
        fake.write_summary(folder, (0, LAST))
        with pytest.MonkeyPatch.context() as patch, killing(patch, 10):
            try:
                bring_up_to_date(folder, logged()[-1], store, silent)
            except KilledError:
                _copy(folder, target)
        for settings in logged():
            bring_up_to_date(folder, settings, store, silent)
        content = json.dumps(held(store), indent=1, sort_keys=True)
        (target / "held.json").write_text(content.replace(str(folder), PLACE) + "\n")


def _copy(folder: Path, target: Path) -> None:
    """The results and the store as they are now, without a trace of this machine."""
    work = work_folder(folder)
    # Not by the name that git ignores.
    shutil.copytree(folder / "results", target / "outputs")
    shutil.copytree(work / "mlartifacts", target / "mlartifacts")
    with closing(sqlite3.connect(work / "mlflow.db")) as connection:
        connection.execute("UPDATE tags SET value = 'someone' WHERE key = 'mlflow.user'")
        connection.execute("UPDATE runs SET user_id = 'someone'")
        dump = "\n".join(connection.iterdump())
    (target / "mlflow.sql").write_text(dump.replace(str(folder), PLACE) + "\n")


def restore(kept: Path, folder: Path) -> None:
    """The results and the store of a version, in an experiment's folder."""
    work = work_folder(folder)
    work.mkdir(exist_ok=True)
    shutil.copytree(kept / "outputs", folder / "results")
    shutil.copytree(kept / "mlartifacts", work / "mlartifacts")
    with closing(sqlite3.connect(work / "mlflow.db")) as connection:
        connection.executescript((kept / "mlflow.sql").read_text().replace(PLACE, str(folder)))


if __name__ == "__main__":
    keep(KEPT / f"tracking-{__version__}")
    sys.exit()
