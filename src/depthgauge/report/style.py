"""One style for the page and the static figure: colours, marks and the words for views."""

import json
from pathlib import Path
from typing import Any

from depthgauge.statistics.verdicts import Verdict
from depthgauge.training.runs import STOPPING_WORDS

_THEME = Path(__file__).with_name("theme")
# Okabe and Ito's colours, told apart by people who see fewer of them, each with its like on a dark
# page; then a colour and a mark for each split and verdict, so that neither is needed alone. The
# marks that Vega has no name for are as large as its own; an outline is a shape with a hole.
_PALETTE = json.loads((_THEME / "palette.json").read_text())
_LIGHT = {name: light for name, (light, _) in _PALETTE["colours"].items()}
# Every colour of a figure is a key here.
DARK: dict[str, str] = dict(_PALETTE["colours"].values())
INK, GREY, PAPER = (_LIGHT[name] for name in ("INK", "GREY", "PAPER"))

SPLIT_ORDER = ("train", "validation", "test")
COLOURS = {split: _LIGHT[name] for split, (name, _) in _PALETTE["splits"].items()}
MARKERS = {split: mark for split, (_, mark) in _PALETTE["splits"].items()}
VERDICT_COLOURS = {Verdict(v): _LIGHT[name] for v, (name, _) in _PALETTE["verdicts"].items()}
VERDICT_MARKERS = {Verdict(v): mark for v, (_, mark) in _PALETTE["verdicts"].items()}


# How every chart looks, in Vega's words; marks name the `style` that they have beyond it.
CONFIG: dict[str, Any] = json.loads(
    (_THEME / "theme.json").read_text(),
    object_hook=lambda part: {k: _LIGHT.get(str(v), v) for k, v in part.items()},
)

# A logarithmic axis where (test) losses spread over more than this factor, and how far below the
# least mean it reaches: a few replicates far below all means must not squeeze everything else.
WIDE, BELOW = 20.0, 3.0


def view_title(recipe: str, stopping: str) -> str:
    """A view in words: "fixed recipe, after the last epoch"."""
    named = "fixed recipe on unseen groups" if recipe == "grouped" else f"{recipe} recipe"
    return f"{named}, {STOPPING_WORDS[stopping]}"
