"""The page: facts, figures and sentences in one HTML file that needs no network."""

import json
import re
from collections.abc import Collection, Mapping
from functools import cache
from itertools import chain
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from depthgauge.codes.registry import code_of, codes_in, codes_line
from depthgauge.report.baselines import baseline_rows, beaten
from depthgauge.report.charts.arising import arising_figures
from depthgauge.report.charts.chart import VEGA_LITE
from depthgauge.report.charts.cure import cure_figures
from depthgauge.report.charts.curves import recipe_curves
from depthgauge.report.charts.data import data_figures
from depthgauge.report.charts.loss import loss_figure, metric_figure
from depthgauge.report.charts.luck import luck_figures
from depthgauge.report.charts.paired import paired_figures
from depthgauge.report.charts.search import budget, search_figures, states
from depthgauge.report.facts import Facts
from depthgauge.report.prose.advice import advice, to_use, trust, view_statements
from depthgauge.report.prose.answer import metric_sentence
from depthgauge.report.prose.cure import cure_sentences, told_cures, what_to_try
from depthgauge.report.prose.numbers import (
    change_with_interval,
    digits,
    examples,
    points,
    setting,
    units,
)
from depthgauge.report.prose.worth import worth
from depthgauge.report.search_ends import say_ends
from depthgauge.report.side_by_side import rise_with_parts, told_view
from depthgauge.report.style import DARK, view_title
from depthgauge.statistics.estimates import View
from depthgauge.statistics.verdicts import Verdict, ViewVerdict


def page(facts: Facts) -> bytes:
    """The whole page as UTF-8; the same bytes for the same facts."""
    figures = {
        "main": [loss_figure(facts)],
        "moving": [*arising_figures(facts), *luck_figures(facts)],
        "paired": paired_figures(facts),
        "curves": [recipe_curves(facts, recipe) for recipe in facts.curves],
        "search": search_figures(facts),
        "data": data_figures(facts),
        "cure": cure_figures(facts),
    }
    titles = {view_title(*view): verdict for view, verdict in facts.verdicts.items()}
    here, elsewhere = advice(titles, facts.axis)
    statements = _statements(facts)
    shared = _shared(statements)
    found = baseline_rows(facts)
    template = templates().get_template("page.html.j2")
    html = template.render(
        facts=facts,
        answer=parts(facts.answer),
        of=facts.of,
        rise=rise_with_parts,
        figures=figures,
        views=[
            {
                "title": view_title(*view),
                "statements": [said for said in statements[view] if said not in shared],
                "told": told_view(verdict, facts.of),
                "code": code_of("outcome", verdict.on_this_data.outcome),
                "points": verdict.points,
                "units": units(verdict),
                "examples": examples(verdict),
                "metrics": _metrics(verdict, facts.metrics),
            }
            for view, verdict in facts.verdicts.items()
        ],
        shared=shared,
        metrics=[_metric(facts, name) for name in facts.metrics],
        cure=_cure(facts),
        trust=_trust(facts),
        use=_sentences(_use(facts)),
        recommends=facts.choice is not None,
        worth=_worth(facts),
        codes=codes_line(_answer_codes(facts)),
        advice_here=here,
        advice_elsewhere=elsewhere,
        baselines=found,
        beaten=beaten(found),
        budget=budget(facts),
        ends=say_ends(facts),
        states=states(facts.searches),
        dark=Markup(json.dumps(DARK)),
        vega=vega(),
        best=Verdict.BEST,
    )
    return html.encode()


def page_lines(facts: Facts) -> list[str]:
    """What the page says in sentences, without what is said of metrics and in captions."""
    statements = chain.from_iterable(_statements(facts).values())
    more = [*_worth(facts), *say_ends(facts), _trust(facts)]
    return [facts.answer, *statements, _use(facts), *more]


def _answer_codes(facts: Facts) -> list[str]:
    """Of the first outcome, and of the warnings in what stands at the top."""
    first = next(iter(facts.verdicts.values()))
    top = [facts.answer, _use(facts), *_worth(facts)]
    return [code_of("outcome", first.on_this_data.outcome), *codes_in("\n".join(top))]


def _use(facts: Facts) -> str:
    return to_use(facts.choice, facts.verdicts, facts.axis, facts.baselines)


def _worth(facts: Facts) -> tuple[str, ...]:
    return worth(facts.baselines, facts.choice, [*facts.metrics], facts.axis)


def _trust(facts: Facts) -> str:
    return trust(
        next(iter(facts.verdicts.values())),
        facts.settings.threshold,
        facts.looks,
        facts.dataset.splits.resampled,
        facts.settings.data.group_column,
        facts.unseen,
    )


def _statements(facts: Facts) -> dict[View, list[str]]:
    """What is said of each view by itself; of the first, less what the answer has said."""
    found = {v: list(view_statements(e, facts.axis)) for v, e in facts.verdicts.items()}
    first = next(iter(found))
    return found | {first: found[first][1:]}


def _shared(statements: Mapping[View, list[str]]) -> dict[str, list[str]]:
    """What is said of several views in the same words, with their titles: it is said once."""
    titles: dict[str, list[str]] = {}
    for view, lines in statements.items():
        for said in lines:
            titles.setdefault(said, []).append(view_title(*view))
    return {said: found for said, found in titles.items() if len(found) > 1}


def _cure(facts: Facts) -> dict[str, Any]:
    """What the other views make of the first one's rises."""
    view, verdict = next(iter(facts.verdicts.items()))
    sentences = cure_sentences(facts.cures, facts.verdicts, facts.axis, facts.settings.rules)
    told = told_cures(facts.cures, facts.verdicts)
    codes = [code_of("effect", str(each.effect)) for each in told]
    return {
        "first": view_title(*view),
        "threshold": verdict.on_this_data.threshold,
        "sentences": list(zip(codes, sentences, strict=True)),
        "to_do": what_to_try(facts.cures),
        "rows": [(view_title(each.recipe, each.stopping), each) for each in facts.cures],
    }


def _metric(facts: Facts, name: str) -> dict[str, Any]:
    told = facts.metrics[name]
    return {
        "words": told.metric.words,
        "cost": told.metric.cost,
        "entry": told.metric,
        "figure": metric_figure(facts, name),
        "views": [
            {
                "title": view_title(*view),
                "sentence": metric_sentence(verdict, told.metric, facts.axis),
                "points": verdict.points,
                "groups": verdict.for_new_groups is not None,
                "over": f"{units(verdict)} and {examples(verdict)}",
            }
            for view, verdict in told.verdicts.items()
        ],
    }


def templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("depthgauge.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "change_with_interval": change_with_interval,
        "digits": digits,
        "sentence": lambda text: text[:1].upper() + text[1:],
        "rise": lambda share: "–" if share is None else points(share),
        "setting": setting,
        "unbroken": _unbroken,
        "asides": _asides,
        "codes": _codes,
    }
    environment.globals["code_of"] = code_of
    return environment


def _metrics(verdict: ViewVerdict, judged: Collection[str]) -> dict[str, list[float | None]]:
    """Every mean on test data, whatever was measured, but those that have tables of their own."""
    means = [point.means for point in verdict.points]
    names = dict.fromkeys(name for point in means for name in point if name.startswith("test_"))
    own = {"test_loss", *(f"test_{name}" for name in judged)}
    own |= {"test_error"} if "accuracy" in judged else set()
    return {
        name.replace("_", " "): [point.get(name) for point in means]
        for name in names
        if name not in own
    }


def _unbroken(text: str) -> Markup:
    """The text as HTML in which no line ends between a number and its percent sign.

    The characters stay as they are: whoever copies or searches a sentence finds it.
    """
    return Markup(re.sub(r"\S+ %", r'<span class="whole">\g<0></span>', str(escape(text))))


def _codes(text: str) -> Markup:
    """The codes of the warnings in a text, to stand behind it."""
    found = (Markup(' <span class="code">{}</span>').format(code) for code in codes_in(text))
    return Markup("").join(found)


def _asides(text: str) -> Markup:
    """The same, with what stands in brackets as a lesser thing."""
    marked = (
        Markup('<span class="aside">{}</span>').format(_unbroken(part))
        if part.startswith("(")
        else _unbroken(part)
        for part in re.split(r"(\([^()]*\))", text)
    )
    return Markup("").join(marked)


def parts(answer: str) -> tuple[str, list[str]]:
    """What the answer says first, the end of its first sentence, and each further sentence."""
    first, mark, rest = answer.partition("; ")
    sentence, stop, others = answer.partition(". ")
    if len(sentence) < len(first):
        first, mark, rest = sentence, stop, others
    sentences = re.split(r"(?<=\.) (?=[A-Z])", rest) if rest else []
    return first + mark.strip(), sentences if mark == "; " else ["", *sentences]


def _sentences(text: str) -> tuple[str, list[str]]:
    """The first sentence, and the others."""
    first, *others = re.split(r"(?<=\.) (?=[A-Z])", text)
    return first, others


@cache
def vega() -> Markup:
    """Vega, Vega-Lite and Vega-Embed, as one script that needs no network."""
    script = "window.vegaEmbed = vegaEmbed;"
    return Markup(vl_convert.javascript_bundle(script, vl_version=VEGA_LITE))
