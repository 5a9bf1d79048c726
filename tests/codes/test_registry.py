"""Codes: one for all that can be said, each for one thing alone, and never another one."""

import re
from pathlib import Path

import pytest

from depthgauge import infer
from depthgauge.codes.pages import _PAGES
from depthgauge.codes.registry import (
    code_of,
    codes,
    codes_in,
    codes_line,
    find_codes,
    kinds,
    nearest,
    with_code,
)
from depthgauge.comparison.result import Standing
from depthgauge.statistics.effects import Effect
from depthgauge.statistics.verdicts import Outcome, Verdict

VERDICTS = {"verdict": Verdict, "outcome": Outcome, "effect": Effect, "standing": Standing}
# What was released: whoever renumbers or takes one away breaks notes that others have made.
RELEASED = Path(__file__).with_name("released.txt")


@pytest.mark.parametrize("kind", VERDICTS)
def test_every_verdict_has_a_code_and_every_code_a_verdict(kind):
    assert [each.word for each in codes() if each.kind == kind] == [*map(str, VERDICTS[kind])]
    for word in VERDICTS[kind]:
        assert code_of(kind, word) in {each.code for each in codes()}


def test_every_code_has_a_page_and_every_page_a_code():
    names = [each.code for each in codes()]
    assert sorted(path.name for path in _PAGES.iterdir()) == [f"{name}.md" for name in names]
    assert all(re.fullmatch(r"DG[1-5]\d\d", name) for name in names)
    assert names == sorted(names)
    assert {each.kind for each in codes()} == set(kinds())


def test_codes_stay_what_they_were():
    now = {f"{each.code} {each.kind}: {each.word}" for each in codes()}
    assert set(RELEASED.read_text().splitlines()) <= now


def test_a_warning_is_known_by_its_words_alone():
    assert all(each.says for each in codes() if each.kind in ("data", "answer", "comparison"))
    line = "few: 80 rows, of which 40 train: little can be told from so few"
    assert with_code(line) == f"{line} [DG301]"
    assert codes_in(line) == ["DG301"]
    assert with_code("inputs: 1 number ('few'); 0 categories") == (
        "inputs: 1 number ('few'); 0 categories"
    )
    assert with_code("") == ""
    assert codes_in("") == []


def test_what_a_warning_is_known_by_is_still_said():
    """Of each pattern the longest text in it stands in what depthgauge says, outside the table."""
    folders = ("comparison", "data", "infer", "report", "stages", "training", "workflow")
    files = [
        path.read_text()
        for folder in folders
        for end in ("py", "j2")
        for path in (Path(infer.__file__).parents[1] / folder).rglob(f"*.{end}")
    ]
    # Texts that go on in the next line are one, as are those of a template.
    said = re.sub(r"""["']\n\s*f?["']""", "", "\n".join(files))
    said = " ".join(said.split()).casefold()
    for code in codes():
        for pattern in code.says:
            parts = re.split(r"\\.|\[.*?\]|[()|?*+{}^$.]+", pattern.pattern)
            longest = max(parts, key=len).strip(" '").casefold()
            assert len(longest) > 5, pattern
            assert longest in said, pattern


def test_what_new_says_under_a_name_is_a_warning_or_a_statement():
    """A line with a name of its own gets a code, or stands here as what is no warning."""
    found = set()
    for path in Path(infer.__file__).parent.glob("*.py"):
        found |= set(re.findall(r"""[\s(]f"([a-z][a-z ]*\??): [^"]""", path.read_text()))
    reasons = {name for name in found if name.startswith("is ")}
    named = {each.word for each in codes() if each.kind == "data"}
    assert found - reasons == (named & found) | {"inputs", "sequences", "series"}
    assert {"few", "left out", "not used", "duplicates"} <= found


def test_a_code_is_found_as_a_person_has_it():
    for asked in ("DG104", "dg104", " partly  overfits", "Partly Overfits"):
        assert [each.code for each in find_codes(asked)] == ["DG104"]
    assert [each.code for each in find_codes("cannot tell")] == ["DG110", "DG125", "DG205"]
    line = "check: warning: a few: rooms.csv: few: 80 rows, of which 40 train: little"
    assert [each.code for each in find_codes(line)] == ["DG301"]
    assert [each.code for each in find_codes("left out: 'few: 1 rows, of which 1 train' [DG310]")]
    assert not find_codes("DG1")
    assert nearest("DG1033").code == "DG103"
    assert nearest("overfit").code == "DG103"
    assert nearest("").code


def test_the_last_line_names_them():
    assert codes_line(["DG121", "DG103"]) == "Codes: DG121, DG103 (depthgauge explain CODE)"
    assert codes_line([]) == ""
