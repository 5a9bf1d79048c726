"""The fixed words of an answer: one word for each thing that can be said."""

from enum import StrEnum


class Verdict(StrEnum):
    """What is said of one point of a view."""

    BEST = "best"
    BEFORE_BEST = "before best"
    OVERFITS = "overfits"
    OPTIMIZATION_PROBLEM = "optimization problem"
    CAUSE_UNCLEAR = "cause unclear"
    NO_RISE_RESOLVED = "no rise resolved"
    DIVERGED = "diverged"
    CANNOT_TELL = "cannot tell"


class Outcome(StrEnum):
    """What is said of a whole view, once for each of the two questions."""

    THRESHOLD_FOUND = "threshold found"
    NONE_RESOLVED = "none resolved"
    GRID_TOO_SHORT = "grid too short"
    CANNOT_TELL = "cannot tell"


# A resolved rise of test loss, told apart by what train loss did.
RISES = frozenset({Verdict.OVERFITS, Verdict.OPTIMIZATION_PROBLEM, Verdict.CAUSE_UNCLEAR})
