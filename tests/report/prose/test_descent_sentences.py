"""What is said of a second descent follows from its numbers."""

from dataclasses import replace

from depthgauge.axes.axis import words
from depthgauge.report.prose.sentences import descent_sentence
from depthgauge.statistics.verdicts import DoubleDescent, Interval

FOUND = DoubleDescent(
    before=12,
    peak=64,
    after=512,
    pairs=40,
    fall=0.03,
    interval=Interval(0.02, 0.04),
    relative_fall=0.12,
    rise_p=1e-6,
    fall_p=1e-4,
    resolved=True,
)


def said(**changed):
    return descent_sentence("error", replace(FOUND, **changed), words("width"))


def test_a_fall():
    sentence = said()
    assert sentence == (
        "Test error peaks at width 64, beyond which it falls again: at width 512 it is 12 % lower "
        "(95 % interval 8 to 16 %)."
    )


def test_not_resolved():
    sentence = said(resolved=False, fall_p=0.3)
    assert "whether it falls again is not resolved" in sentence


def test_an_interval_of_a_rise_is_one_of_the_rise():
    sentence = said(resolved=False, fall=-0.01, relative_fall=-0.02, interval=Interval(-0.03, 0.01))
    assert sentence.endswith("at width 512 it is 2.0 % higher (95 % interval −2.0 to 6.0 %).")


def test_no_interval_and_a_rise():
    sentence = said(interval=None, resolved=False, fall=-0.01, relative_fall=-0.02)
    assert sentence.endswith("at width 512 it is 2.0 % higher.")
