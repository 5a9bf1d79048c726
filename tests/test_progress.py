"""Lines for the person who waits."""

import pytest

from depthgauge import progress
from depthgauge.progress import Progress, Whole, named_values, say


def test_whole_numbers_are_told_whole():
    values = {"learning_rate": 0.00123456, "batch_size": 100000, "width": 12345}
    assert named_values(values, values) == "learning_rate 0.001235, batch_size 100000, width 12345"


def test_words_and_truth_are_told_as_they_are():
    """A search space may hold them."""
    values = {"activation": "relu", "nesterov": True, "dropout": 0.0}
    assert named_values(values, values) == "activation relu, nesterov True, dropout 0"


def test_nothing_done_for_long_is_no_pace_to_tell(monkeypatch, capsys):
    """Of a storage, say, that takes its time before the first trial begins."""
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    with Progress("search", 4, "trials") as shown:
        shown.skip(1)
        shown.advance(0, "best 0.5")
        assert capsys.readouterr().err == ""
        shown.advance(1)
    assert capsys.readouterr().err.startswith("search: 2 of 4 trials, about 0 s to go")


@pytest.fixture
def every_step(monkeypatch):
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0)


def test_parts_are_told_as_one_whole(every_step, capsys):
    with Whole("sweep", 30, "epochs"):
        for what in ("train depth 0", "train depth 1"):
            with Progress(what, 10, "epochs") as part:
                part.skip(4)
                part.advance(6)
            say(f"{what}: done")
        with Progress("look", 5, "columns") as other:
            other.advance(5)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(",")[0] for line in lines] == [
        f"sweep: {done} of 30 epochs" for done in (4, 10, 14, 20)
    ]
    say("again")
    assert capsys.readouterr().err == "again\n"


def test_a_whole_that_is_not_shown_is_silent_and_ends_with_its_block(every_step, capsys):
    def work(stopped):
        with Progress("train", 9, "epochs") as part:
            part.advance(3)
            if stopped:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Whole("sweep", 9, "epochs", shown=False):
        work(stopped=True)
    assert capsys.readouterr().err == ""
    work(stopped=False)
    assert capsys.readouterr().err.startswith("train: 3 of 9 epochs")


class Terminal:
    """Standard error as a terminal, which keeps what is written."""

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_a_terminal_has_one_bar(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with Whole("sweep", 10, "epochs"), Progress("train depth 0", 10, "epochs") as part:
        part.advance(10)
    # What is done now stands in front of the one bar, which is wiped away at the end.
    drawn = [part for part in terminal.text.split("\r") if part.strip()]
    assert [part.partition(":")[0] for part in drawn] == ["sweep", "train depth 0"]
    assert terminal.text.endswith("\r")
    assert "\n" not in terminal.text
