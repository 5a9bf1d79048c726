"""Lines for the person who waits."""

from depthgauge import progress
from depthgauge.progress import Progress, named_values


def test_whole_numbers_are_told_whole():
    values = {"learning_rate": 0.00123456, "batch_size": 100000, "width": 12345}
    assert named_values(values, values) == "learning_rate 0.001235, batch_size 100000, width 12345"


def test_nothing_done_for_long_is_no_pace_to_tell(monkeypatch, capsys):
    """Of a storage, say, that takes its time before the first trial begins."""
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    with Progress("search", 4, "trials") as shown:
        shown.skip(1)
        shown.advance(0, "best 0.5")
        assert capsys.readouterr().err == ""
        shown.advance(1)
    assert capsys.readouterr().err.startswith("search: 2 of 4 trials, about 0 s to go")
