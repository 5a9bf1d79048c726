"""What an experiment and each of its runs say of themselves, as Markdown, which MLflow shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from depthgauge.axes.axis import axis_names, find_axis
from depthgauge.tracking.curves import Curves

VERDICTS = "\n\n**Verdicts.** "
STOPPING_WORDS = {"last": "after the last epoch", "validation": "at least validation loss"}


def experiment_note(axis: str, data: str, answer: str | None, columns: str) -> str:
    """The description of an experiment.

    data: what is predicted and from which file. answer: the answer sentence, where evaluate has
    written one. columns: the link to the table of runs with the columns that matter.
    """
    of = find_axis(axis)
    found = answer or "none yet: run `dvc repro`, then `depthgauge track`."
    return (
        # The list of experiments shows the beginning of this, without reading it as Markdown.
        f"By {of.noun}: where does a network begin to overfit, and is that answer real or luck? "
        f"{data}.\n\n"
        f"**Answer.** {found}\n\n"
        f"**Start here.** [The runs with the columns that matter]({columns}). The run `summary` "
        "holds the report page (its artifact `index.html`), the figure and the table "
        "`points.csv`.\n\n"
        f"**The runs.** `fixed {axis} 1`: all replicates of the same recipe at one point, as mean "
        f"losses; `tuned {axis} 1`: of the recipe that was searched for this point; below either, "
        f"a run for each replicate. `search {axis} 1`: Optuna's search, with a run for each trial "
        "below it.\n\n"
        "**Curves.** Choose the runs of several points and open the charts: `train_loss` and "
        "`test_loss` over the epochs lie in one picture.\n\n"
        "**Use it.** `depthgauge register` makes the recommended network a model under *Models*; "
        "it is listed below its run.\n\n"
        "Runs of earlier settings stay; `tags.\"depthgauge.current\" = 'true'` in the search box "
        "hides them."
    )


def point_note(provenance: Mapping[str, Any], curves: Curves) -> str:
    """What the parent run of a (recipe, point) is."""
    settings, axis = provenance["settings"], str(provenance["axis"])
    replicates, diverged = len(curves.replicates), int(curves.diverged.sum())
    point = provenance["point"]
    own = find_axis(axis).explain(point) if axis in axis_names() else str(point)
    text = (
        f"All {replicates} replicates of the {provenance['recipe']} recipe, {own}, trained for "
        f"{settings.get('epochs', len(curves.epochs))} epochs. Curves and numbers are means over "
        "the replicates, each of which is a run below this one. `last/...`: after the last epoch; "
        "`validation/...`: for each replicate at the epoch of its least validation loss."
    )
    if diverged:
        text += f"\n\n{diverged} of {replicates} replicates diverged and are left out."
    return text


def with_verdicts(note: str, rows: Sequence[Mapping[str, str]]) -> str:
    """A point's note that ends with its verdicts; rows: its rows of points.csv."""
    said = [
        f"{STOPPING_WORDS.get(row['stopping'], row['stopping'])}: {row['on_this_data']} on this "
        f"data, {row['for_new_data']} for new data"
        for row in rows
    ]
    return note.partition(VERDICTS)[0] + VERDICTS + "; ".join(said) + "."


def replicate_note(provenance: Mapping[str, Any], replicate: int, count: int) -> str:
    """What the run of one replicate is."""
    name = f"{provenance['recipe']} {provenance['axis']} {provenance['point']}"
    return (
        f"Replicate {replicate} of 0 to {count - 1} of `{name}`: one training run. The same "
        f"replicate of another point has the same split and batch order, so the two compare."
    )


def summary_note(answer: str) -> str:
    """The answer, whose lines Markdown would otherwise join, and what lies in the artifacts."""
    lines = answer.strip().replace("\n", "  \n")
    return (
        f"{lines}\n\n"
        "Artifacts: `index.html`, the report page (download it for its interactive figures); the "
        "figure of train and test loss; `points.csv`, a row for each view and point; "
        "`threshold.json`, what was found. `.../by point/...` metrics are losses over the points."
    )
