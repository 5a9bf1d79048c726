"""Whether any network is worth it: the one to use beside what needs no network."""

from collections.abc import Sequence

from depthgauge.axes.axis import find_axis
from depthgauge.report.prose.render import render_lines
from depthgauge.statistics.baselines import Baseline
from depthgauge.statistics.verdicts import Choice
from depthgauge.training.baselines import REFERENCE, TREES
from depthgauge.training.metrics.metric import find_metrics


def worth(
    baselines: Sequence[Baseline], choice: Choice | None, metrics: Sequence[str], axis: str
) -> tuple[str, ...]:
    """What is said of the network to use against the baselines, in full sentences.

    By the loss, and by the first of the metrics where that says another thing.
    """
    by_loss = {each.name: each for each in baselines if each.quantity == "loss"}
    trees = by_loss.pop(TREES, None)
    by_loss.pop(REFERENCE, None)
    first = next(iter(metrics), None)
    by_metric = {each.name: each for each in baselines if each.quantity == first}
    lines = render_lines(
        "worth",
        of=find_axis(axis),
        chosen=choice is not None,
        point=choice and choice.point,
        trees=trees,
        naive=[*by_loss.values()],
        metric=by_metric.get(TREES),
        words=first and find_metrics([first])[first].words,
    )
    return tuple(f"{line[0].upper()}{line[1:]}" for line in lines)
