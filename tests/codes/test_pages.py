"""Every code has its page, and the code on it does what it says."""

import re

import pytest

from depthgauge.codes.pages import page_text, plain_text
from depthgauge.codes.registry import codes
from depthgauge.report.prose.advice import advice
from depthgauge.workflow import estimate

SECTIONS = ["What it means", "Why it matters", "What to do", "Provoke it", "Mend it"]
# They train networks in processes of their own: a baseline is fitted, or a search run.
TRAINING = ("DG403", "DG415", "DG416", "DG417")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EACH = [
    pytest.param(each, id=each.code, marks=pytest.mark.slow if each.code in TRAINING else ())
    for each in codes()
]


@pytest.mark.parametrize("code", codes(), ids=lambda code: code.code)
def test_a_page_has_every_section_once(code):
    text = page_text(code)
    assert text.startswith(f"# {code.code}: {code.word}\n\n{code.line[0].upper()}{code.line[1:]}.")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    assert parts[1::2] == SECTIONS
    assert all(part.strip() for part in parts)
    assert [len(BLOCK.findall(part)) for part in parts[2::2]] == [0, 0, 0, 1, 1]
    assert "{{" not in text


@pytest.mark.parametrize("code", EACH)
def test_what_provokes_gives_the_code_and_what_mends_does_not(code, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    # How long the pipeline would take, `check` measures, which takes seconds.
    monkeypatch.setattr(estimate, "estimate_seconds", lambda *_: 60.0)
    names = {"__name__": code.code}
    said = []
    for block in BLOCK.findall(page_text(code)):
        exec(compile(block, f"{code.code}.md", "exec"), names)
        said.append("".join(capfd.readouterr()))
    provoked, mended = said
    assert code.code in provoked
    assert code.code not in mended
    # It says something, and is not refused: but for that nothing can be compared, for DG501.
    assert mended.strip()
    assert mended.startswith("depthgauge: ") == (code.code == "DG501")


def test_the_report_and_the_pages_say_the_same_of_a_verdict():
    by_advice = {code.advice: code for code in codes() if code.advice}
    for axis in ("depth", "training_size"):
        here, elsewhere = advice({}, axis)
        assert {each.verdict for each in (*here, *elsewhere)} == set(by_advice)
        for each in (*here, *elsewhere):
            code = by_advice[each.verdict]
            assert each.code == code.code
            text = page_text(code)
            assert each.meaning in text or each.meaning[1:] in text
            assert all(f"\n- {step}\n" in text for step in each.steps)


def test_in_a_terminal_it_is_plain():
    for code in codes():
        text = plain_text(code)
        assert "```" not in text
        assert not re.search(r"^#+ ", re.sub(r"(?m)^    .*$", "", text), re.MULTILINE)
        # Code has its own width, and four spaces before it.
        assert max(map(len, text.splitlines())) <= 104
        # Nothing is lost.
        words = page_text(code).replace("```python", "").replace("```", "").split()
        assert [w for w in words if w.strip("#")] == [w for w in text.split() if w.strip("#")]
