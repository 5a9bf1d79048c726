"""check: judge the settings and the raw data; put right what DVC left torn, write nothing else.

Names the file, the row, the column or the key that is wrong, in one line, says about how long the
whole pipeline will take here, and which stages another version of depthgauge or of a library makes
run again.

examples:
  depthgauge check
  depthgauge -C experiments/pageviews check
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

from depthgauge import __version__
from depthgauge.artifacts.code import code_changes, run_again
from depthgauge.artifacts.raw import prepare_data
from depthgauge.artifacts.verdicts import last_verdicts
from depthgauge.codes.registry import HINT, with_code
from depthgauge.data.dataset import SPLIT_NAMES, Dataset
from depthgauge.progress import duration, say
from depthgauge.report.prose.numbers import percent
from depthgauge.settings.schema import Settings
from depthgauge.statistics.power import power
from depthgauge.statistics.rules import require_judging_memory
from depthgauge.workflow.dvc_files import mend
from depthgauge.workflow.layout import PIPELINE, TEMPLATES, other_stages
from depthgauge.workflow.scm import require_scm


def check(folder: Path, settings: Settings) -> None:
    """Raises InputError for whatever would stop the pipeline later, else says what it will do."""
    for line in mend(folder):
        say(f"check: {line}")
    require_scm(folder)
    dataset = prepare_data(folder, settings).dataset
    points, rows = len(settings.points), len(dataset.row_names)
    most = settings.looks[-1]
    require_judging_memory(settings.threshold, points, most, rows)
    settings.require_metrics(len(dataset.classes))
    doubts = settings.data.find_doubts(dataset)
    for line in doubts:
        say(f"check: warning: {settings.data.path}: {with_code(line)}")
    if doubts:
        say(f"check: {HINT}")
    # Imported here: bad settings and data are told without the seconds that torch takes.
    from depthgauge.artifacts.seen import at_settings, with_splits
    from depthgauge.training.machine import require_training_memory, training_device

    training_device(settings.training.device)
    if settings.searched_recipes:
        from depthgauge.search.plan import require_search_memory
    of_recipes: dict[str, Dataset] = {
        name: with_splits(dataset, settings, name) for name in settings.recipes
    }
    for name, point in product(of_recipes, settings.points):
        seen = at_settings(of_recipes[name], settings, point)
        where = settings.swept.point_name(point)
        require_training_memory(seen, settings.recipe_at(point), most, where)
        if name in settings.searched_recipes:
            require_search_memory(seen, settings, name, point)
    if settings.recipe.network.sources():
        from depthgauge.workflow.try_own import try_own

        for line in try_own(settings, next(iter(of_recipes.values()))):
            say(f"check: {with_code(line)}")
    if grouped := of_recipes.get("grouped"):
        for line in _unseen(dataset, grouped):
            say(f"check: {with_code(line)}")
    for line in _power(folder, settings):
        say(f"check: {line}")
    # Imported here: what is bad is told without the time that this takes.
    from depthgauge.report.prose.numbers import counted

    runs = len(settings.recipes) * len(settings.points) * most
    width = counted(dataset.inputs.shape[1], "input")
    planned = " or ".join(map(str, settings.looks))
    print(
        f"check: {settings.experiment}: settings and data are good: {len(dataset.row_names)} "
        f"examples, {width}, {counted(dataset.outputs, 'output')}; "
        f"{len(settings.points)} points of {settings.axis}, {planned} replicates: "
        f"{'at most ' if len(settings.looks) > 1 else ''}{runs} training runs"
    )
    for line in _pipeline(folder):
        say(f"check: {with_code(line)}")
    for line in run_again(code_changes(folder, settings)):
        say(f"check: {line}")
    from depthgauge.workflow.estimate import estimate_seconds

    seconds = estimate_seconds(of_recipes, settings)
    print(
        f"check: from nothing the pipeline takes {'at most ' if len(settings.looks) > 1 else ''}"
        f"about {duration(seconds)} on this machine; what is there already is not made again"
    )


def _pipeline(folder: Path) -> Iterator[str]:
    """A warning where dvc.yaml is that of another version, as it is after an upgrade."""
    if others := other_stages(folder):
        yield (
            f"warning: {folder / PIPELINE}: is not the pipeline of depthgauge {__version__} "
            f"({', '.join(others)}): take {TEMPLATES / PIPELINE} in its place, or keep what you "
            "changed yourself"
        )


def _unseen(asked: Dataset, grouped: Dataset) -> Iterator[str]:
    """How many examples the recipe `grouped` has, and a warning where groups leave it few."""
    left, wanted = grouped.splits.sizes, asked.splits.sizes
    sizes = {name: (left[name], wanted[name]) for name in SPLIT_NAMES}
    told = " / ".join(str(count) for count, _ in sizes.values())
    yield f"recipes: grouped: {told} examples for {' / '.join(SPLIT_NAMES)}"
    if any(2 * count < whole for count, whole in sizes.values()):
        few = ", ".join(f"{n} {count} of {whole}" for n, (count, whole) in sizes.items())
        yield f"warning: recipes: grouped: groups leave few examples ({few}): train on fewer"


def _power(folder: Path, settings: Settings) -> Iterator[str]:
    """What so many replicates would resolve, where an earlier run tells."""
    verdicts, margin = last_verdicts(folder, settings), settings.threshold.margin
    if verdicts is None or not verdicts.views:
        return
    found = power(verdicts.views[0].verdict, margin, settings.looks[-1])
    if found is None:
        return
    parts = {"on this data": found.on_this_data, "for new data": found.for_new_data}
    parts["for new groups"] = found.for_new_groups
    said = ", ".join(
        f"{percent(rise)} {where}" for where, rise in parts.items() if rise is not None
    )
    yield (
        f"going by the last run, of {verdicts.replicates} replicates, {settings.looks[-1]} "
        f"resolve a rise {settings.swept.at(found.point)} with a chance of 80 % where it is at "
        f"least {said}"
    )
