"""One style for the page and the static figure: colours, marks and the words for views."""

from depthgauge.entries import find_entry
from depthgauge.statistics.verdicts import Verdict
from depthgauge.training.losses.loss import LOSSES
from depthgauge.training.runs import STOPPING_WORDS

# Okabe and Ito's colours, told apart by people who see fewer of them.
COLOURS = {"train": "#0072B2", "test": "#D55E00", "validation": "#009E73"}
MARKERS = {"train": "square", "test": "circle", "validation": "diamond"}
SPLIT_ORDER = ("train", "validation", "test")

INK, GREY, GRID, PAPER, SHADE = "#1F2328", "#6E7781", "#E3E6EA", "#FFFFFF", "#F1F2F4"
# The same things on a dark page; every colour of a figure is a key here.
DARK = {
    INK: "#E6E9ED",
    GREY: "#9AA4AF",
    GRID: "#323A44",
    PAPER: "#14181D",
    SHADE: "#232A32",
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
VERDICT_MARKERS = {
    Verdict.BEST: "star",
    Verdict.BEFORE_BEST: "circle-open",
    Verdict.OVERFITS: "circle",
    Verdict.OPTIMIZATION_PROBLEM: "diamond",
    Verdict.CAUSE_UNCLEAR: "triangle-up",
    Verdict.NO_RISE_RESOLVED: "square",
    Verdict.DIVERGED: "x",
    Verdict.CANNOT_TELL: "square-open",
}

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
