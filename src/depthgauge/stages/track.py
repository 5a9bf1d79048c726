"""track: log to MLflow what it does not hold yet.

Ends with the answer and a small table. Running it twice adds nothing; a lost store is
made again from the files. The store is .depthgauge/mlflow.db, or what
MLFLOW_TRACKING_URI names.

examples:
  depthgauge track
  MLFLOW_TRACKING_URI=http://127.0.0.1:5000 depthgauge track
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from depthgauge.artifacts.verdicts import ANSWER, read_answer, read_verdicts
from depthgauge.errors import InputError
from depthgauge.files.csv_files import write_table
from depthgauge.progress import say
from depthgauge.report.console import show
from depthgauge.settings.schema import Settings
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import ViewVerdict
from depthgauge.tracking.results import Expected, ExpectedPoint, ExpectedSearch
from depthgauge.tracking.store import find_store
from depthgauge.tracking.update import TrackedRun, bring_up_to_date

TRACKED, REPORT = Path("results/tracked.csv"), Path("results/report")


def track(folder: Path, settings: Settings) -> None:
    """Bring the store up to date and write down which content it holds now."""
    runs = logged(folder, settings)
    if not runs:
        say("track: nothing has been trained yet")
        return
    write_table(
        folder / TRACKED, [{"run": r.name, "content_digest": r.content_digest} for r in runs]
    )
    added = sum(run.added for run in runs)
    store = find_store(folder, os.environ)
    say(f"track: {added} runs added, {len(runs) - added} were there already: {store.shown_uri}")
    _show_answer(folder, settings)


def _show_answer(folder: Path, settings: Settings) -> None:
    """The pipeline ends with this stage, and a person wants its answer at the end."""
    page = folder / REPORT / "index.html"
    # Without an answer, or with one that is of other points, there is nothing to show yet.
    with suppress(InputError):
        answer = read_answer(folder / ANSWER)[0]
        found = read_verdicts(folder, settings.points, settings.replicates)
        wanted = [(recipe, stopping) for recipe in settings.recipes for stopping in STOPPINGS]
        if page.is_file() and sorted(found) == sorted(wanted):
            views: dict[tuple[str, str], ViewVerdict] = {view: found[view] for view in wanted}
            show(answer, views, settings.axis, page, sys.stdout)


def _expected(settings: Settings) -> Expected:
    return Expected(
        points=tuple(
            ExpectedPoint(name, settings.axis, point)
            for name in settings.recipes
            for point in settings.points
        ),
        searches=tuple(
            ExpectedSearch(settings.axis, point)
            for point in settings.points
            if "tuned" in settings.recipes
        ),
        settings={
            "seed": settings.seed,
            "replicates": settings.replicates,
            **settings.training.model_dump(),
            **settings.recipe.model_dump(),
        },
        axis=settings.axis,
        data=f"`{settings.data.target}` of `{settings.data.path}` ({settings.data.task})",
    )


def logged(folder: Path, settings: Settings) -> list[TrackedRun]:
    """Bring the store up to date; every run that stands for files on disk now."""
    store = find_store(folder, os.environ)
    points = settings.tracking.curve_points
    expected = _expected(settings)
    return bring_up_to_date(folder, settings.experiment, expected, store, points, say)
