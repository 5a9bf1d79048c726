"""One style for the page and the static figure: colours, marks and the words for views."""

import json
from pathlib import Path
from typing import Any

from depthgauge.entries import find_entry
from depthgauge.statistics.verdicts import Verdict
from depthgauge.training.losses.loss import LOSSES
from depthgauge.training.runs import STOPPING_WORDS

# Okabe and Ito's colours, told apart by people who see fewer of them.
COLOURS = {"train": "#0072B2", "test": "#D55E00", "validation": "#009E73"}
MARKERS = {"train": "square", "test": "circle", "validation": "diamond"}
SPLIT_ORDER = ("train", "validation", "test")

INK, GREY, GRID, PAPER = "#1F2328", "#6E7781", "#E3E6EA", "#FFFFFF"
# The same things on a dark page; every colour of a figure is a key here.
DARK = {
    INK: "#E6E9ED",
    GREY: "#9AA4AF",
    GRID: "#323A44",
    PAPER: "#14181D",
    COLOURS["train"]: "#56B4E9",
    COLOURS["test"]: "#F08A3C",
    COLOURS["validation"]: "#2FC79A",
    "#CC79A7": "#E39CC3",
    "#E69F00": "#F0B93A",
}

# A verdict has a colour, a mark and a word, so that none of them is needed alone.
VERDICT_COLOURS = {
    Verdict.BEST: COLOURS["train"],
    Verdict.BEFORE_BEST: GREY,
    Verdict.OVERFITS: COLOURS["test"],
    Verdict.OPTIMIZATION_PROBLEM: "#CC79A7",
    Verdict.CAUSE_UNCLEAR: "#E69F00",
    Verdict.NO_RISE_RESOLVED: COLOURS["validation"],
    Verdict.DIVERGED: INK,
    Verdict.CANNOT_TELL: GREY,
}
# Shapes that Vega has no name for, as large as its own; an outline is a shape with a hole.
_STAR = (
    "M0,-1.50L.36,-.50L1.43,-.46L.59,.19L.88,1.21L0,.62L-.88,1.21L-.59,.19L-1.43,-.46L-.36,-.50Z"
)
_RING = "M1.1,0A1.1,1.1,0,1,1,-1.1,0A1.1,1.1,0,1,1,1.1,0ZM.8,0A.8,.8,0,1,0,-.8,0A.8,.8,0,1,0,.8,0Z"
_FRAME = "M-1,-1H1V1H-1ZM-.7,-.7V.7H.7V-.7Z"
VERDICT_MARKERS = {
    Verdict.BEST: _STAR,
    Verdict.BEFORE_BEST: _RING,
    Verdict.OVERFITS: "circle",
    Verdict.OPTIMIZATION_PROBLEM: "diamond",
    Verdict.CAUSE_UNCLEAR: "triangle-up",
    Verdict.NO_RISE_RESOLVED: "square",
    Verdict.DIVERGED: "cross",
    Verdict.CANNOT_TELL: _FRAME,
}
# How every chart looks, in Vega's words; marks name the `style` that they have beyond it.
_THEME = Path(__file__).with_name("theme") / "theme.json"
_NAMED = {"INK": INK, "GREY": GREY, "GRID": GRID, "PAPER": PAPER}


def _with_colours(part: dict[str, Any]) -> dict[str, Any]:
    return {key: _NAMED.get(str(value), value) for key, value in part.items()}


CONFIG: dict[str, Any] = json.loads(_THEME.read_text(), object_hook=_with_colours)

# A logarithmic axis where (test) losses spread over more than this factor, and how far below the
# least mean it reaches: a few replicates far below all means must not squeeze everything else.
WIDE, BELOW = 20.0, 3.0


def view_title(recipe: str, stopping: str) -> str:
    """A view in words: "fixed recipe, after the last epoch"."""
    return f"{recipe} recipe, {STOPPING_WORDS[stopping]}"


def loss_words(loss: str) -> str:
    """A loss of the settings in words."""
    words: str = find_entry(LOSSES, loss).words
    return words
