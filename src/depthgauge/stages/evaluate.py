"""evaluate: find the overfitting threshold of every view.

Writes results/points.csv, threshold.json and answer.txt. A view is a recipe and
a stopping: the last epoch, or that of least validation loss.

examples:
  depthgauge evaluate && cat results/answer.txt
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from depthgauge.artifacts.baselines import read_baselines
from depthgauge.artifacts.looks import at_last_look
from depthgauge.artifacts.metrics import write_metrics
from depthgauge.artifacts.verdicts import write_verdicts
from depthgauge.report.prose.answer import answer_text, describe_recipe
from depthgauge.report.prose.worth import worth
from depthgauge.settings.schema import Settings
from depthgauge.statistics.choice import choose
from depthgauge.statistics.cure import cure
from depthgauge.statistics.effects import Cure
from depthgauge.statistics.estimates import View
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.verdicts import Verdicts, ViewVerdict
from depthgauge.workflow.judge_baselines import judge_baselines
from depthgauge.workflow.judge_views import judge_views, read_measured

SIMPLER = ("fixed", "tuned", "regularised")


def evaluate(folder: Path, settings: Settings) -> None:
    """Judge every view of the settings' points at the last look that was taken."""
    settings = at_last_look(folder, settings)
    measured, rules, swept = read_measured(folder, settings), settings.rules, settings.swept
    known = read_baselines(folder, settings)
    views, splits = judge_views(measured, settings), measured.asked.splits
    key = None if swept.parameter is None else settings.recipe.key(swept.parameter)
    examples = None if swept.harder else splits.sizes["train"]
    there = len(measured.asked.row_names)
    # Of a series the other windows lie between the splits.
    used = sum(splits.sizes.values()) if settings.data.drawn else there
    words = describe_recipe(settings.recipe, key, examples, used, there)
    answer = answer_text(
        views, settings.axis, rules, splits.resampled, words, settings.data.group_column
    )
    write_metrics(folder, {at: point.metrics for at, point in measured.points.items()})
    # Validation rows of people who train and of others are not to be compared.
    rivals = {view: losses for view, losses in measured.losses.items() if view[0] != "grouped"}
    # The simpler ones first: what has more settings comes last.
    rivals = dict(sorted(rivals.items(), key=lambda item: SIMPLER.index(item[0][0])))
    choice = choose(rivals, rules, swept.harder)
    baselines = judge_baselines(measured, settings, choice, known)
    said = worth(baselines, choice, settings.metrics, settings.axis)
    answer += "".join(f"{line}\n" for line in ("Baselines:", *(f"  {each}" for each in said)))
    verdicts = Verdicts(
        axis=settings.axis,
        points=tuple(settings.points),
        replicates=settings.trained,
        views=tuple(views),
        choice=choice,
        cures=tuple(_cures(rivals, views[0].verdict, rules)),
        answer=answer,
        baselines=baselines,
    )
    write_verdicts(folder, verdicts)
    print(answer, end="")


def _cures(views: Mapping[View, ViewLosses], verdict: ViewVerdict, rules: Rules) -> Iterator[Cure]:
    """What each further view makes of the rises of the first, of which the verdict is."""
    (_, first), *others = views.items()
    for view, losses in others:
        found = cure(view, first, verdict, losses, rules)
        if found is not None:
            yield found
