"""The page of losses that were not trained here: the answer, the figure and the verdicts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from depthgauge.codes.registry import code_of, codes_in, codes_line
from depthgauge.report.charts.loss import Judgement, loss_figure
from depthgauge.report.page import parts, templates, vega
from depthgauge.report.prose.numbers import examples, units
from depthgauge.report.side_by_side import rise_with_parts
from depthgauge.report.style import DARK
from depthgauge.statistics.effects import Cure
from depthgauge.statistics.estimates import View
from depthgauge.statistics.verdicts import Verdict


def judged_page(
    name: str,
    answer: str,
    judgement: Judgement,
    statements: Mapping[View, Sequence[str]],
    effects: Sequence[tuple[Cure, str]] = (),
) -> bytes:
    """The whole page as UTF-8; the same bytes for the same judgement.

    name: of what was judged. statements: what is said of each view by itself. effects: what
    a view makes of the first one's rise, with a sentence on it.
    """
    views: list[dict[str, Any]] = [
        {
            "title": judgement.title(view),
            "statements": statements[view],
            "effects": [
                (code_of("effect", str(cure.effect)), sentence)
                for cure, sentence in effects
                if (cure.recipe, cure.stopping) == view
            ],
            "points": verdict.points,
            "units": units(verdict),
            "examples": examples(verdict),
        }
        for view, verdict in judgement.verdicts.items()
    ]
    outcome = next(iter(judgement.verdicts.values())).on_this_data.outcome
    template = templates().get_template("judged.html.j2")
    html = template.render(
        name=name,
        answer=answer,
        codes=codes_line([code_of("outcome", outcome), *codes_in(answer)]),
        said=parts(answer),
        of=judgement.of,
        figure=loss_figure(judgement),
        views=views,
        rise=rise_with_parts,
        best=Verdict.BEST,
        dark=Markup(json.dumps(DARK)),
        vega=vega(),
    )
    return html.encode()
