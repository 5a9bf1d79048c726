"""Free text in MLflow's descriptions, as a reader of CommonMark shows it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from depthgauge.tracking.descriptions import describe
from depthgauge.tracking.markdown import LONGEST, code, plain

SIGNS = "`*_[]()<>|~&#+-=\\!@:.1 \nab"
LINES = st.text(st.sampled_from(SIGNS), max_size=30).map(lambda text: " ".join(text.split()))
NAMES = ["`", "``", "a`b", "`a", "a``b`", "` b `", "**x**", "<b>", "a_b", "\\`", "x](http://y)"]


def shown(markdown: str) -> list[tuple[str, str]]:
    """The pieces of one paragraph: what each is, and its text."""
    tokens: list[Any] = MarkdownIt("commonmark").parse(markdown)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    pieces = tokens[1].children
    # How the parser has an escaped sign: a piece of text of its own.
    kinds = {"text": "text", "text_special": "text", "code_inline": "code"}
    return [(kinds.get(piece.type, piece.type), piece.content) for piece in pieces]


def text_of(pieces: list[tuple[str, str]]) -> str:
    assert {kind for kind, _ in pieces} <= {"text"}
    return "".join(text for _, text in pieces)


@given(LINES.filter(bool))
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    assert text_of(shown(plain(text))) == text


@given(LINES.filter(bool))
def test_a_name_never_leaves_its_code_span(text: str) -> None:
    assert shown(f"of {code(text)} in it") == [("text", "of "), ("code", text), ("text", " in it")]


@pytest.mark.parametrize("name", NAMES)
def test_what_an_experiment_says_of_a_target_of_any_name(name: str) -> None:
    data = {"target": name, "path": f"data/{name}.csv", "task": "regression"}
    of = {"noun": "depth", "name": "depth"}
    text = describe("experiment", of=of, data=data, answer=f"The answer is {name} at depth 1.")
    first, _, _, *_ = text.partition("\n")
    spans = [words for kind, words in shown(first) if kind == "code"]
    assert spans == [name, f"data/{name}.csv"]
    answer = text.split("\n\n")[1]
    assert f"The answer is {name} at depth 1." in "".join(words for _, words in shown(answer))


def test_lines_stay_lines_and_no_list_begins() -> None:
    text = "Depth 1 is best.\n# no heading\n- no list\n1. no number\n3.5 % more\n=== no rule"
    pieces = MarkdownIt("commonmark").parse(plain(text))
    assert [token.type for token in pieces] == ["paragraph_open", "inline", "paragraph_close"]
    # Words that are no Markdown are left as they are: some lists show them without reading it.
    assert "3.5 % more" in plain(text)
    assert plain("a mean of train_loss, 12 % (95 % interval 1 to 3)") == (
        "a mean of train_loss, 12 % (95 % interval 1 to 3)"
    )


def test_a_long_name_is_cut() -> None:
    assert code("x" * 10_000) == f"`{'x' * LONGEST}...`"
