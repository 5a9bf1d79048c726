"""look: with a plan of looks, train further replicates until all is decided.

Where `replicates` in params.yaml is a plan, [20, 40, 80] say, every view is judged at each
look. The next one trains the replicates that it adds, at every point, unless all that is asked
is decided, or cannot be decided by the last look either. What a look adds goes to
results/looks. Without a plan there is one look, and nothing more is trained.

examples:
  depthgauge look
"""

from itertools import pairwise, product
from pathlib import Path

from depthgauge.artifacts.looks import Looks, keep_looks, write_looks
from depthgauge.progress import say
from depthgauge.settings.schema import Settings
from depthgauge.statistics.looks import Ending

WHY = {
    Ending.DECIDED: "everything that is asked is decided",
    Ending.FUTILE: "what is not decided cannot be by the last look either",
    Ending.LAST: "it is the last one",
}


def look(folder: Path, settings: Settings) -> None:
    """Take looks until one ends the plan, and write down which were taken."""
    keep_looks(folder, settings.looks)
    taken = [settings.looks[0]]
    ended = _end(folder, settings, taken[0])
    for before, count in pairwise(settings.looks):
        if ended is not None:
            break
        _train_missing(folder, settings, range(before, count))
        taken.append(count)
        ended = _end(folder, settings, count)
    keep_looks(folder, taken[1:])
    write_looks(folder, Looks(settings.looks, taken, ended or Ending.LAST))


def _end(folder: Path, settings: Settings, replicates: int) -> Ending | None:
    last = settings.looks[-1]
    if replicates == last:
        found: Ending | None = Ending.LAST
    else:
        # Imported here: an experiment without a plan is spared the seconds that torch takes.
        from depthgauge.statistics.looks import ending
        from depthgauge.workflow.judge_views import judge_views, pairs, read_measured

        seen = settings.at_look(replicates)
        measured = read_measured(folder, seen)
        found = ending(pairs(measured, judge_views(measured, seen)), seen.rules, last)
    if len(settings.looks) > 1:
        why = f"ends the plan: {WHY[found]}" if found else "does not decide everything"
        say(f"look at {replicates} replicates: {why}")
    return found


def _train_missing(folder: Path, settings: Settings, replicates: range) -> None:
    from depthgauge.artifacts.inputs import is_present
    from depthgauge.workflow.train_point import train_point

    for name, point in product(settings.recipes, settings.points):
        if not is_present(folder, settings, name, point, replicates):
            train_point(folder, settings, name, point, replicates)
