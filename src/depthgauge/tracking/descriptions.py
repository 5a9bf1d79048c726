"""What an experiment and each of its runs say of themselves, as Markdown, which MLflow shows.

The texts are the templates beside this module.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from depthgauge.tracking.markdown import code, plain
from depthgauge.training.runs import STOPPING_WORDS

if TYPE_CHECKING:
    from jinja2 import Environment

VERDICTS = "\n\n**Verdicts.** "


@cache
def _templates() -> "Environment":
    # Imported here: a short training logs nothing.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(loader=PackageLoader("depthgauge.tracking"), undefined=StrictUndefined)
    made.filters |= {"code": code, "plain": plain}
    return made


def describe(what: str, **facts: Any) -> str:
    """The text of a template, WHAT.md.j2, with what it asks for."""
    return _templates().get_template(f"{what}.md.j2").render(facts)


def add_verdicts(description: str, verdicts: Sequence[tuple[str, str, str]]) -> str:
    """A point's description that ends with (stopping, on this data, for new data), in words."""
    words = [
        f"{STOPPING_WORDS[stopping]}: {here} on this data, {new} for new data"
        for stopping, here, new in verdicts
    ]
    return f"{description.partition(VERDICTS)[0]}{VERDICTS}{'; '.join(words)}."
