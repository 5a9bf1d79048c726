"""track: the files of all stages -> MLflow's store, whatever it lacks of them."""

import os
from pathlib import Path

from depthgauge.files.evaluation import write_table
from depthgauge.progress import say
from depthgauge.settings.schema import Settings
from depthgauge.tracking.place import find_store
from depthgauge.tracking.results import Expected, ExpectedPoint
from depthgauge.tracking.update import bring_up_to_date
from depthgauge.tracking.watch import watch

TRACKED = Path("results/tracked.csv")


def track(folder: Path, settings: Settings) -> None:
    """Bring the store up to date and write down which content it holds now."""
    expected = Expected(
        points=tuple(
            ExpectedPoint(name, settings.axis, point)
            for name in settings.recipes
            for point in settings.points
        ),
        settings={
            "seed": settings.seed,
            "replicates": settings.replicates,
            **settings.training.model_dump(),
            **settings.recipe.model_dump(),
        },
    )
    store = find_store(folder, os.environ)
    runs = bring_up_to_date(
        folder, settings.experiment, expected, store, settings.tracking.curve_points, say
    )
    if not runs:
        say("track: nothing has been trained yet")
        return
    write_table(
        folder / TRACKED, [{"run": r.name, "content_digest": r.content_digest} for r in runs]
    )
    added = sum(run.added for run in runs)
    say(f"track: {added} runs added, {len(runs) - added} were there already: {store.shown_uri}")


def follow(file: Path) -> None:
    """Show a training in MLflow while it goes on, from the file that it writes."""
    watch(file)
