"""`depthgauge explain`: a page, the list, and the nearest to what there is not."""

import pytest

from depthgauge.cli import main
from depthgauge.codes.registry import codes


@pytest.mark.parametrize(
    "words", [["DG103"], ["dg103"], ["overfits"], ["x.csv: it said so [DG103]"], ["-"]]
)
def test_a_page_by_its_code_or_by_what_was_said(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    if words == ["-"]:
        assert main(["explain", *words]) == 2
        return
    assert main(["explain", *words]) == 0
    text = capsys.readouterr().out
    assert text.startswith("DG103: overfits\n")
    assert "\nWhat to do\n\n- More training data" in text
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [["DG103,", "dg410"], ["DG103", "DG410"], ["DG103,DG410"]])
def test_several_codes_as_an_answer_lists_them(words, capsys):
    assert main(["explain", *words]) == 0
    text = capsys.readouterr().out
    assert text.startswith("DG103: overfits\n")
    assert "\nDG410: not for new data\n" in text


def test_one_of_several_that_is_no_code(capsys):
    assert main(["explain", "DG103,", "DG999"]) == 2
    assert "'DG103, DG999': is no code" in capsys.readouterr().err


def test_words_need_no_quotes(capsys):
    assert main(["explain", "partly", "overfits"]) == 0
    assert capsys.readouterr().out.startswith("DG104: partly overfits\n")


def test_without_a_code_all_are_listed_each_on_a_line(capsys):
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for code in codes():
        assert sum(line.startswith(f"  {code.code}  {code.word} ") for line in lines) == 1


def test_a_word_that_means_several_things_lists_them(capsys):
    assert main(["explain", "cannot tell"]) == 0
    text = capsys.readouterr().out
    assert [code for code in ("DG110", "DG125", "DG205") if code in text]
    assert "DG103" not in text


@pytest.mark.parametrize("word", ["DG999", "overfitz", "DG10\x1b[31m3 x"])
def test_what_is_no_code_names_the_nearest(word, capsys):
    assert main(["explain", word]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "\x1b" not in said.err
    assert "the nearest is DG" in said.err
    assert word != "overfitz" or "DG103, 'overfits'" in said.err
