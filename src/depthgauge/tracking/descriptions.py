"""What an experiment and each of its runs say of themselves, as Markdown, which MLflow shows."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from depthgauge.axes.axis import axis_names, find_axis
from depthgauge.settings.schema import Settings
from depthgauge.tracking.curves import Curves
from depthgauge.training.runs import STOPPING_WORDS

if TYPE_CHECKING:
    from depthgauge.artifacts.search import Search

VERDICTS = "\n\n**Verdicts.** "


def describe_experiment(settings: Settings, answer: str | None) -> str:
    """answer: the answer sentence, where evaluate has written one."""
    axis, data = settings.axis, settings.data
    found = answer or "none yet: run `dvc repro`, then `depthgauge track`."
    return (
        # The list of experiments shows the beginning of this, without reading it as Markdown.
        f"By {find_axis(axis).noun}: where does a network begin to overfit, and is that answer "
        f"real or luck? `{data.target}` of `{data.path}` ({data.task}).\n\n"
        f"**Answer.** {found}\n\n"
        "**Start here.** The run `summary` holds the report page (its artifact `index.html`), the "
        "figure and the table `points.csv`.\n\n"
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


def describe_point(provenance: Mapping[str, Any], curves: Curves) -> str:
    """The parent run of a (recipe, point)."""
    axis, point = str(provenance["axis"]), provenance["point"]
    replicates, diverged = curves.finite.size, int((~curves.finite).sum())
    own = find_axis(axis).explain(point) if axis in axis_names() else str(point)
    text = (
        f"All {replicates} replicates of the {provenance['recipe']} recipe, {own}, trained for "
        f"{curves.epochs} epochs. Curves and numbers are means over the replicates, each of which "
        "is a run below this one. `last/...`: after the last epoch; `validation/...`: for each "
        "replicate at the epoch of its least validation loss."
    )
    if diverged:
        text += f"\n\n{diverged} of {replicates} replicates diverged and are left out."
    return text


def add_verdicts(description: str, verdicts: Sequence[tuple[str, str, str]]) -> str:
    """A point's description that ends with (stopping, on this data, for new data), in words."""
    words = [
        f"{STOPPING_WORDS[stopping]}: {here} on this data, {new} for new data"
        for stopping, here, new in verdicts
    ]
    return f"{description.partition(VERDICTS)[0]}{VERDICTS}{'; '.join(words)}."


def describe_summary(answer: str) -> str:
    """The answer, whose lines Markdown would otherwise join, and what lies in the artifacts."""
    lines = answer.strip().replace("\n", "  \n")
    return (
        f"{lines}\n\n"
        "Artifacts: `index.html`, the report page (download it for its interactive figures); the "
        "figure of train and test loss; `points.csv`, a row for each view and point. "
        "`.../by point/...` metrics are means over the replicates, point by point."
    )


def describe_study(search: "Search", recipe: str) -> str:
    """The parent run of a search."""
    study, plan = search.study, search.study.plan
    best = search.trials[study.best_trial].values
    values = ", ".join(f"{name} {text}" for name, text in best.items())
    counts = ", ".join(f"{count} {state}" for state, count in study.states.items())
    return (
        f"Optuna's search for the recipe `{recipe}` at {plan['axis']} {plan['point']}, on train "
        f"and validation data alone: {study.budget.trials} trials ({counts}), each of "
        f"{study.budget.replicates} replicates and at most {study.budget.epochs} epochs.\n\n"
        f"Best: trial {study.best_trial}, mean {plan['objective']} {study.best_value:.4g}, with "
        f"{values}.\n\n"
        "Each trial is a run below this one: FINISHED is complete, KILLED pruned, FAILED "
        "diverged. Trials are numbered by their place among the finished trials, which is Optuna's "
        "number unless a search was interrupted; there it is the attribute `finished trial`.\n\n"
        f"`make studies` opens the Optuna dashboard; the study there is `{study.name}`."
    )
