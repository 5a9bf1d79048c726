"""Does it cure it? What the other views make of the first one's overfitting, in sentences."""

from collections.abc import Mapping, Sequence

from depthgauge.axes.axis import Axis
from depthgauge.report.prose.answer import as_axis
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
    cures: Sequence[Cure],
    verdicts: Mapping[View, ViewVerdict],
    axis: str | Axis,
    rules: Rules,
    titles: Mapping[View, str] | None = None,
) -> tuple[str, ...]:
    """A sentence for each; none where the first view has no threshold. titles: what views are
    called, where not as on the pipeline's page."""
    threshold = next(iter(verdicts.values())).on_this_data.threshold
    told = told_cures(cures, verdicts)
    views = ((each.recipe, each.stopping) for each in told)
    called = [view_title(*view) if titles is None else titles[view] for view in views]
    titled = [(_capital(title), each) for title, each in zip(called, told, strict=True)]
    return render_lines("cure", cures=titled, threshold=threshold, of=as_axis(axis), rules=rules)


def told_cures(cures: Sequence[Cure], verdicts: Mapping[View, ViewVerdict]) -> list[Cure]:
    """Those of which there is a sentence."""
    threshold = next(iter(verdicts.values())).on_this_data.threshold
    if threshold is None:
        return []
    return [each for each in cures if each.effect and each.at(threshold).first is not None]


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
