"""What an experiment and each of its runs say of themselves, as Markdown, which MLflow shows.

The texts are the templates beside this module.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from depthgauge.axes.axis import axis_names, find_axis
from depthgauge.settings.schema import Settings
from depthgauge.tracking.curves import Curves
from depthgauge.training.runs import STOPPING_WORDS

if TYPE_CHECKING:
    from jinja2 import Environment

    from depthgauge.artifacts.search import Search

VERDICTS = "\n\n**Verdicts.** "


@cache
def _templates() -> "Environment":
    # Imported here: a short training logs nothing.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("depthgauge.tracking"), undefined=StrictUndefined)


def describe(what: str, **facts: Any) -> str:
    """The text of a template, WHAT.md.j2, with what it asks for."""
    return _templates().get_template(f"{what}.md.j2").render(facts)


def describe_experiment(settings: Settings, answer: str | None) -> str:
    """answer: the answer sentence, where evaluate has written one."""
    return describe("experiment", of=settings.swept, data=settings.data, answer=answer)


def describe_point(provenance: Mapping[str, Any], curves: Curves) -> str:
    """The parent run of a (recipe, point)."""
    axis, point = str(provenance["axis"]), provenance["point"]
    return describe(
        "point",
        recipe=provenance["recipe"],
        point=find_axis(axis).explain(point) if axis in axis_names() else str(point),
        replicates=curves.finite.size,
        diverged=int((~curves.finite).sum()),
        epochs=curves.epochs,
    )


def add_verdicts(description: str, verdicts: Sequence[tuple[str, str, str]]) -> str:
    """A point's description that ends with (stopping, on this data, for new data), in words."""
    words = [
        f"{STOPPING_WORDS[stopping]}: {here} on this data, {new} for new data"
        for stopping, here, new in verdicts
    ]
    return f"{description.partition(VERDICTS)[0]}{VERDICTS}{'; '.join(words)}."


def describe_study(search: "Search", recipe: str) -> str:
    """The parent run of a search."""
    return describe("study", study=search.study, best=search.best, recipe=recipe)
