"""The page on a code: what it means, why it matters, what to do, and code that shows it.

What the report says of a verdict too stands in its advice.toml alone, and is filled in here.
"""

import textwrap
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from depthgauge.codes.registry import Code

_PAGES = Path(__file__).parent / "pages"
# Read as a file: the modules of the report would cost their imports.
_ADVICE = Path(__file__).parents[1] / "report" / "prose" / "texts" / "advice.toml"
_MEANING, _STEPS = "{{ meaning }}", "{{ steps }}"
# A verdict on more examples in place of larger models may have another meaning.
_HARDER = "Where the number of training examples is swept (`axis: training_size`): "
_WIDTH = 90


def page_text(code: Code) -> str:
    """The whole page in Markdown: a heading with code and word, then a section each."""
    text = (_PAGES / f"{code.code}.md").read_text(encoding="utf-8")
    if not code.advice:
        return text
    own, harder = _advice()[code.advice], _advice()["harder"].get(code.advice)
    meaning, steps = own["meaning"], _listed(own["steps"])
    if harder:
        meaning += f"\n\n{_HARDER}{harder['meaning'][0].lower()}{harder['meaning'][1:]}"
        steps += f"\n\n{_HARDER.rstrip()}\n\n{_listed(harder['steps'])}"
    return text.replace(_MEANING, meaning).replace(_STEPS, steps)


def plain_text(code: Code) -> str:
    """The same for a terminal: without the marks of Markdown, code indented."""
    lines, inside = list[str](), False
    for line in page_text(code).splitlines():
        if line.startswith("```"):
            inside = not inside
        elif inside:
            lines.append(f"    {line}".rstrip())
        else:
            further = "  " if line.startswith("- ") else ""
            shown = line.lstrip("#").removeprefix(" ") if line.startswith("#") else line
            lines += textwrap.wrap(shown, _WIDTH, subsequent_indent=further) or [""]
    return "\n".join(lines) + "\n"


def _listed(steps: list[str]) -> str:
    return "\n".join(f"- {step}" for step in steps)


@cache
def _advice() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_ADVICE.read_text(encoding="utf-8"))
