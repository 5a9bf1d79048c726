"""check: judge the settings and the raw data; write nothing.

Names the file, the row, the column or the key that is wrong, in one line.

examples:
  depthgauge check
  depthgauge -C experiments/pageviews check
"""

from pathlib import Path

from depthgauge.artifacts.raw import prepare_data
from depthgauge.progress import say
from depthgauge.settings.schema import Settings
from depthgauge.statistics.rules import require_judging_memory


def check(folder: Path, settings: Settings) -> None:
    """Raises InputError for whatever would stop the pipeline later, else says what it will do."""
    dataset = prepare_data(folder, settings).dataset
    points, rows = len(settings.points), len(dataset.row_names)
    require_judging_memory(settings.threshold, points, settings.replicates, rows)
    for line in settings.data.find_leaks(dataset):
        say(f"check: warning: {settings.data.path}: {line}")
    # Imported here: bad settings and data are told without the seconds that torch takes.
    from depthgauge.artifacts.inputs import at_settings
    from depthgauge.training.machine import require_training_memory, training_device

    training_device(settings.training.device)
    if settings.searched_points:
        from depthgauge.search.plan import require_search_memory
    for point in settings.points:
        seen = at_settings(dataset, settings, point)
        where = settings.swept.point_name(point)
        require_training_memory(seen, settings.recipe_at(point), settings.replicates, where)
        if point in settings.searched_points:
            require_search_memory(seen, settings, point)
    runs = len(settings.recipes) * len(settings.points) * settings.replicates
    print(
        f"check: {settings.experiment}: settings and data are good: {len(dataset.row_names)} "
        f"examples, {dataset.inputs.shape[1]} inputs, {dataset.outputs} outputs; "
        f"{len(settings.points)} points of {settings.axis}, {settings.replicates} replicates: "
        f"{runs} training runs"
    )
