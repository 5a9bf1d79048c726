"""What the stage prints at its end."""

import io
import re
from pathlib import Path

from depthgauge.hints import command
from depthgauge.report.console import show
from depthgauge.statistics.verdicts import JudgedView, Verdicts


class Terminal(io.StringIO):
    def isatty(self):
        return True


def printed(facts, stream):
    views = tuple(JudgedView(*view, verdict) for view, verdict in facts.verdicts.items())
    points = tuple(facts.points)
    verdicts = Verdicts(
        *(facts.axis, points, facts.settings.replicates, views, facts.choice, (), facts.answer),
        baselines=tuple(facts.baselines),
    )
    show(verdicts, Path(), stream)
    return stream.getvalue()


def test_plain_lines_where_there_is_no_terminal(facts):
    text = printed(facts["images"], io.StringIO())
    lines = [line.rstrip() for line in text.splitlines()]
    assert lines[0] == facts["images"].answer
    assert "\x1b" not in text
    assert "fixed recipe, after the last epoch" in lines
    for point, verdict in zip(
        (0, 1, 2), facts["images"].verdicts["fixed", "last"].points, strict=True
    ):
        assert any(
            line.split()[0] == str(point) and line.endswith(str(verdict.on_this_data))
            for line in lines
            if line.strip()
        )
    assert lines[-6].startswith("To use")
    assert "radient-boosted trees with scikit-learn's defaults" in lines[-5]
    assert lines[-4] == "The page: results/report/index.html"
    assert lines[-3] == f"Every run: {command(Path(), 'depthgauge ui')}"
    assert lines[-2] == f"The network as a model: {command(Path(), 'depthgauge register')}"
    assert lines[-1].startswith("Codes: DG")


def test_colours_on_a_terminal_less_no_color(facts, monkeypatch):
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert colour.search(printed(facts["series"], Terminal()))
    monkeypatch.setenv("NO_COLOR", "1")
    without = printed(facts["series"], Terminal())
    assert not colour.search(without)
    assert "best" in without


def test_diverged_points_have_no_numbers(facts):
    text = printed(facts["diverged"], io.StringIO())
    assert "nan" not in text
    assert "diverged" in text
