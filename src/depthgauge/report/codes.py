"""The codes of all that is said of an experiment, for the last line under its answer."""

from collections.abc import Iterable, Mapping, Sequence

from depthgauge.codes.registry import code_of, codes_in
from depthgauge.statistics.effects import Cure
from depthgauge.statistics.estimates import View
from depthgauge.statistics.verdicts import ViewVerdict


def codes_of(
    verdicts: Mapping[View, ViewVerdict], cures: Sequence[Cure], said: Iterable[str]
) -> tuple[str, ...]:
    """Of the outcomes on this data, the verdicts on points, the effects, and the warnings in what
    is said; each once."""
    views = list(verdicts.values())
    found = [code_of("outcome", view.on_this_data.outcome) for view in views]
    found += sorted(code_of("verdict", p.on_this_data) for view in views for p in view.points)
    found += [code_of("effect", cure.effect) for cure in cures if cure.effect is not None]
    return tuple(dict.fromkeys([*found, *codes_in("\n".join(said))]))
