"""explain: what a verdict or a warning means, why it matters, what to do, with code that shows it.

CODE stands behind a warning in brackets, beside a verdict on the page, and under an answer. The
words do as well, and so do several codes and the line of a warning as it was printed. Without any
all codes are listed. It needs no experiment.

examples:
  depthgauge explain
  depthgauge explain DG103
  depthgauge explain DG121, DG103
  depthgauge explain partly overfits
"""

import re
from collections.abc import Sequence
from pathlib import Path

from depthgauge.codes.pages import plain_text
from depthgauge.codes.registry import Code, codes, find_codes, kinds, nearest
from depthgauge.errors import InputError, printable

# Several, as the line under an answer has them.
_CODES = re.compile(r"(?i:\s*DG\d+[\s,]*)+")


def explain(folder: Path, words: Sequence[str]) -> None:
    """Print the page on a code. Raises InputError, naming the nearest, where there is none."""
    asked = " ".join(words)
    if not asked.strip():
        print(_table(codes()), end="")
        return
    several = [find_codes(word) for word in asked.replace(",", " ").split()]
    if len(several) > 1 and all(len(each) == 1 for each in several) and _CODES.fullmatch(asked):
        print("\n\n".join(plain_text(code) for (code,) in several), end="")
        return
    found = find_codes(asked)
    if not found:
        near = nearest(asked)
        raise InputError(
            f"explain {printable(asked[:60])!r}: is no code; the nearest is {near.code}, "
            f"{near.word!r}; `depthgauge explain` lists all"
        )
    if len(found) == 1:
        print(plain_text(found[0]), end="")
    else:
        print(_table(found), end="")


def _table(found: Sequence[Code]) -> str:
    """A line each under the heading of its kind."""
    width = max(len(each.word) for each in found)
    lines = list[str]()
    for kind, heading in kinds().items():
        own = [each for each in found if each.kind == kind]
        if own:
            lines += ["", heading]
            lines += [f"  {each.code}  {each.word:<{width}}  {each.line}" for each in own]
    return "\n".join(lines[1:]) + "\n"
