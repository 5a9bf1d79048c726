"""check: judge the settings and the raw data; write nothing.

Names the file, the row, the column or the key that is wrong, in one line.

examples:
  depthgauge check
  depthgauge -C experiments/pageviews check
"""

from pathlib import Path

from depthgauge.data.leakage import warnings
from depthgauge.progress import say
from depthgauge.settings.schema import Settings
from depthgauge.stages.data import prepare_data
from depthgauge.stages.memory import require_judging_memory


def check(folder: Path, settings: Settings) -> None:
    """Raises InputError for whatever would stop the pipeline later, else says what it will do."""
    prepared = prepare_data(folder, settings).prepared
    require_judging_memory(len(prepared.row_names), settings)
    # Neighbouring days and dark pixels are alike by nature: only a table's columns are suspects.
    for line in warnings(prepared) if settings.data.kind == "table" else []:
        say(f"check: warning: {settings.data.path}: {line}")
    # Imported here: bad settings and data are told without the seconds that torch takes.
    from depthgauge.stages.inputs import at_settings
    from depthgauge.stages.machine import check_search, check_training, training_device

    training_device(settings.training.device)
    for point in settings.points:
        seen = at_settings(prepared, settings, point)
        check_training(seen, settings.training_recipe(point), settings, point)
        if "tuned" in settings.recipes:
            check_search(seen, settings, point)
    runs = len(settings.recipes) * len(settings.points) * settings.replicates
    print(
        f"check: {settings.experiment}: settings and data are good: {len(prepared.row_names)} "
        f"examples, {prepared.inputs.shape[1]} inputs, {prepared.outputs} outputs; "
        f"{len(settings.points)} points of {settings.axis}, {settings.replicates} replicates: "
        f"{runs} training runs"
    )
