"""The codes of an answer are those of what it says, and the page has them."""

import io
import re
from dataclasses import replace
from pathlib import Path

from depthgauge.codes.registry import code_of
from depthgauge.report.codes import codes_of
from depthgauge.report.console import show
from depthgauge.report.page import page, page_lines
from depthgauge.statistics.effects import Cure, Effect
from depthgauge.statistics.verdicts import Verdict
from tests.verdicts import judge_simulated, make_verdicts

OVERFITS = judge_simulated((1.2, 1.0, 1.5, 2.0), (0.9, 0.5, 0.2, 0.1))
SHORT = judge_simulated((1.5, 1.0), (0.9, 0.5))


def test_each_once_in_the_order_of_what_is_said():
    views = {("fixed", "last"): OVERFITS, ("fixed", "validation"): OVERFITS}
    cures = [Cure("fixed", "validation", Effect.REMOVES, ()), Cure("tuned", "last", None, ())]
    said = ["Test loss was still falling at the last epoch for depth 1.", "Nothing else."]
    found = codes_of(views, cures, said)
    assert found == ("DG121", "DG101", "DG102", "DG103", "DG201", "DG406")
    assert codes_of({("fixed", "last"): SHORT}, (), ())[0] == "DG124"


def test_the_console_ends_with_them():
    stream = io.StringIO()
    show(make_verdicts(OVERFITS, answer="Where it begins is less sure."), Path(), stream)
    last = stream.getvalue().rstrip("\n").rpartition("\n")[2].rstrip()
    assert last.startswith("Codes: DG121, DG101, DG102, DG103")
    assert last.endswith(" (depthgauge explain CODE)")


def test_the_page_has_a_code_beside_each_verdict_and_each_warning(facts):
    for known in facts.values():
        html = page(known).decode()
        text = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
        assert text.count("(depthgauge explain CODE)") == 1
        for view in known.verdicts.values():
            for point in view.points:
                code = code_of("verdict", point.on_this_data)
                assert f'{point.on_this_data} <span class="code">{code}</span>' in text
        for code in codes_of(known.verdicts, known.cures, page_lines(known)):
            assert code in text
        assert "DG" not in known.answer


def test_replicates_that_diverged_are_told_with_the_code(facts):
    known = facts["images"]
    views = {
        view: replace(
            verdict,
            points=tuple(
                replace(point, finite_replicates=point.finite_replicates - 1)
                if point.on_this_data is Verdict.BEST
                else point
                for point in verdict.points
            ),
        )
        for view, verdict in known.verdicts.items()
    }
    html = page(replace(known, verdicts=views)).decode()
    assert re.search(r"diverged and are left out[^<]*<span class=\"code\">DG402</span>", html)
