"""Texts of the page: the templates in texts/, filled in with what is known.

How a template breaks its lines does not matter; a blank line ends a sentence or a statement.
"""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from depthgauge.report.prose import numbers
from depthgauge.statistics.verdicts import RISES

FILTERS = (
    "against",
    "amount",
    "called",
    "change_with_interval",
    "examples",
    "counted",
    "fall_with_interval",
    "percent",
    "plain",
    "points",
    "setting",
    "share_of_gap",
    "share_with_interval",
    "units",
    "with_interval",
)


@cache
def _templates() -> Environment:
    loader = PackageLoader("depthgauge.report.prose", "texts")
    environment = Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {name: getattr(numbers, name) for name in FILTERS}
    environment.globals["RISES"] = tuple(RISES)
    return environment


def render(name: str, **facts: Any) -> str:
    """The text of a template on one line."""
    return " ".join(_templates().get_template(f"{name}.j2").render(facts).split())


def render_lines(name: str, **facts: Any) -> tuple[str, ...]:
    """The text of a template, a line for each of its paragraphs."""
    parts = _templates().get_template(f"{name}.j2").render(facts).split("\n\n")
    return tuple(" ".join(part.split()) for part in parts if part.strip())
