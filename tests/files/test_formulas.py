"""No text in a CSV file is a formula to a spreadsheet, and each is read as it was."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.files.csv_files import read_table, write_table
from depthgauge.files.formulas import guard, unguard

SIGNS = "=+-@\t\r\n＝＋－＠' "
TEXTS = st.text(st.sampled_from(SIGNS) | st.characters(codec="utf-8"), max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","x")',
        *("+1", "-x", "@x", "\tx", "\rx", "\n=x", " =1+1", "＝1", "-2+3+cmd|' /C calc'!A0"),
    ],
)
def test_a_formula_gets_a_quote(text: str) -> None:
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "plain", "a=b", "x-1", "'tis", "1", "no rise resolved", "''"])
def test_other_text_is_left_alone(text: str) -> None:
    assert guard(text) == unguard(text) == text


@given(TEXTS)
def test_what_is_guarded_is_no_formula_and_is_read_as_it_was(text: str) -> None:
    assert not guard(text).lstrip(" ").startswith(tuple("=+-@\t\r\n"))
    assert unguard(guard(text)) == text


@given(TEXTS, TEXTS)
def test_no_two_texts_become_one(first: str, second: str) -> None:
    assert (guard(first) == guard(second)) == (first == second)


@given(st.lists(TEXTS.filter(lambda text: "\0" not in text), min_size=1, max_size=5))
def test_a_table_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, texts) -> None:
    path: Path = tmp_path_factory.mktemp("tables") / "table.csv"
    write_table(path, [{"text": text, "number": -0.5} for text in texts])
    assert path.read_bytes().count(b",-0.5\n") == len(texts)
    assert [row["text"] for row in read_table(path)] == texts
