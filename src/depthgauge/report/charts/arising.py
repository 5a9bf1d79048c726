"""Train and test loss against the points after each epoch: overfitting as it arises."""

import numpy as np

from depthgauge.report.charts.chart import Figure, is_wide
from depthgauge.report.charts.controls import STEP, Slider
from depthgauge.report.charts.curves import recipe_curves
from depthgauge.report.charts.stepping import SPLITS, stepping_figure
from depthgauge.report.facts import Facts
from depthgauge.report.prose.render import render
from depthgauge.statistics.paired import means_and_intervals


def arising_figures(facts: Facts) -> list[Figure]:
    """One, of the first recipe; none where its points were not trained for the same epochs."""
    recipe = next(iter(facts.curves))
    curves = [
        {split: facts.units(recipe, named[f"{split}_loss"]) for split in SPLITS}
        for named in facts.curves[recipe]
    ]
    counts = {losses.shape[1] for named in curves for losses in named.values()}
    finite = all(np.isfinite(named["test"]).any(axis=0).all() for named in curves)
    if len(facts.points) < 2 or len(counts) > 1 or counts == {1} or not finite:
        return []
    table = recipe_curves(facts, recipe)
    (count,) = counts
    epochs = sorted({int(str(row["epoch"])) for row in table.rows})
    means = {s: np.stack([means_and_intervals(c[s])[0] for c in curves]) for s in SPLITS}
    said = [
        render(
            "steps/arising",
            of=facts.of,
            epoch=epoch,
            epochs=count,
            **{s: facts.points[int(np.argmin(means[s][:, epoch - 1]))] for s in SPLITS},
        )
        for epoch in epochs
    ]
    shown = np.concatenate([np.minimum(m, np.quantile(m, 0.98)).ravel() for m in means.values()])
    return [
        stepping_figure(
            facts,
            Slider("epoch", epochs, said),
            table.rows,
            shown,
            shown,
            is_wide(shown),
            f"datum.epoch === {STEP} && datum.split !== 'validation'",
            name="arising",
            title="After each epoch",
            caption=render(
                "captions/arising", of=facts.of, recipe=recipe, replicates=facts.settings.trained
            ),
            numbers_of=table.name,
        )
    ]
