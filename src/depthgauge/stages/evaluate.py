"""evaluate: find the overfitting threshold of every view.

Writes results/points.csv, threshold.json and answer.txt. A view is a recipe and
a stopping: the last epoch, or that of least validation loss.

examples:
  depthgauge evaluate && cat results/answer.txt
"""

from pathlib import Path

from depthgauge.artifacts.looks import at_last_look
from depthgauge.artifacts.metrics import write_metrics
from depthgauge.artifacts.verdicts import write_verdicts
from depthgauge.report.prose.answer import answer_text, describe_recipe
from depthgauge.settings.schema import Settings
from depthgauge.statistics.choice import choose
from depthgauge.statistics.cure import cure
from depthgauge.statistics.verdicts import Verdicts
from depthgauge.workflow.judge_views import judge_views, read_measured

SIMPLER = ("fixed", "tuned", "regularised")


def evaluate(folder: Path, settings: Settings) -> None:
    """Judge every view of the settings' points at the last look that was taken."""
    settings = at_last_look(folder, settings)
    measured, rules, swept = read_measured(folder, settings), settings.rules, settings.swept
    views, splits = judge_views(measured, settings), measured.asked.splits
    key = None if swept.parameter is None else settings.recipe.key(swept.parameter)
    examples = None if swept.harder else splits.sizes["train"]
    words = describe_recipe(settings.recipe, key, examples)
    answer = answer_text(
        views, settings.axis, rules, splits.resampled, words, settings.data.group_column
    )
    write_metrics(folder, {at: point.metrics for at, point in measured.points.items()})
    # Validation rows of people who train and of others are not to be compared.
    rivals = {view: losses for view, losses in measured.losses.items() if view[0] != "grouped"}
    # The simpler ones first: what has more settings comes last.
    rivals = dict(sorted(rivals.items(), key=lambda item: SIMPLER.index(item[0][0])))
    choice = choose(rivals, rules, swept.harder)
    points = tuple(settings.points)
    name, first = next(iter(rivals.items()))
    found = [
        cure(view, first, views[0].verdict, other, rules)
        for view, other in rivals.items()
        if view != name
    ]
    cures = tuple(each for each in found if each is not None)
    verdicts = Verdicts(
        settings.axis, points, settings.trained, tuple(views), choice, cures, answer
    )
    write_verdicts(folder, verdicts)
    print(answer, end="")
