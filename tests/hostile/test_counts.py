import subprocess
import sys

from tools.reliability import counts_of

from tests.hostile.counts import COUNTS, INPUTS, SAMPLE, count, inputs


def test_counts_of_several_runs_are_added(tmp_path, monkeypatch):
    path = tmp_path / "counts"
    monkeypatch.setenv(COUNTS, str(path))
    count("csv", tried=2, tracebacks=0)
    count("signals", sent=1)
    count("csv", tried=1500, tracebacks=1)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert counts_of(lines) == {"csv": {"tried": 1502, "tracebacks": 1}, "signals": {"sent": 1}}
    command = [sys.executable, "-m", "tests.hostile.counts", str(path)]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert told == "csv: 1,502 tried, 1 tracebacks\nsignals: 1 sent\n"


def test_nothing_is_counted_unless_asked(tmp_path, monkeypatch):
    monkeypatch.delenv(COUNTS, raising=False)
    monkeypatch.chdir(tmp_path)
    count("csv", tried=1)
    assert not list(tmp_path.iterdir())


def test_a_sample_unless_asked(monkeypatch):
    monkeypatch.delenv(INPUTS, raising=False)
    assert inputs() == SAMPLE
    monkeypatch.setenv(INPUTS, "7000")
    assert inputs() == 7000
