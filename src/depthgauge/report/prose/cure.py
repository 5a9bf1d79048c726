"""Does it cure it? What the other views make of the first one's overfitting, in sentences."""

from collections.abc import Mapping, Sequence

from depthgauge.axes.axis import find_axis
from depthgauge.report.prose.render import render_lines
from depthgauge.report.style import view_title
from depthgauge.statistics.effects import Cure, Effect
from depthgauge.statistics.estimates import View
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.verdicts import ViewVerdict

# What one does with each effect, the best news first.
TO_DO = {
    Effect.REMOVES: "Before you take a shallower network, take this one: {} removes it.",
    Effect.LESSENS: "Try it first: {} lessens it, though it does not remove it.",
}


def cure_sentences(
    cures: Sequence[Cure], verdicts: Mapping[View, ViewVerdict], axis: str, rules: Rules
) -> tuple[str, ...]:
    """A sentence for each; none where the first view has no threshold."""
    first = next(iter(verdicts.values()))
    threshold = first.on_this_data.threshold
    if threshold is None:
        return ()
    titled = [(_capital(view_title(each.recipe, each.stopping)), each) for each in cures]
    told = [pair for pair in titled if pair[1].effect and pair[1].at(threshold).first is not None]
    return render_lines("cure", cures=told, threshold=threshold, of=find_axis(axis), rules=rules)


def what_to_try(cures: Sequence[Cure]) -> str:
    """What to do about the overfitting of the first view, empty where nothing is known to help."""
    for effect, words in TO_DO.items():
        for each in cures:
            if each.effect is effect:
                return words.format(view_title(each.recipe, each.stopping))
    if cures and all(each.effect in (Effect.LEAVES, Effect.ENLARGES) for each in cures):
        return "Nothing that was tried here lessens it: take the best point, or more data."
    return ""


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
