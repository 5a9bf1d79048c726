"""Whatever stands in verdicts.json, it is refused in one line, or everything can be said of it."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depthgauge.artifacts.verdicts import VERDICTS, read_verdicts, write_verdicts
from depthgauge.report.console import show
from depthgauge.report.prose.advice import advice, trust, view_statements
from depthgauge.report.prose.answer import answer_text
from tests.refusal import read_or_refuse
from tests.verdicts import RULES, judge_simulated, make_verdicts

DIVERGED = np.ones((12, 4), dtype=bool)
DIVERGED[:, 1] = False
WHOLE = make_verdicts(
    judge_simulated((1.2, 1.0, 1.5, 2.0), (0.9, 0.5, 0.2, 0.1)),
    judge_simulated((1.0, 1.5, 2.0, 1.0), (0.5, 0.2, 0.9, 0.5)),
    judge_simulated((1.0, 1.5, 2.0, 1.0), (0.5, 0.2, 0.9, 0.5), finite=DIVERGED),
    judge_simulated((1.5, 1.2, 1.1, 1.0), (0.5, 0.2, 0.1, 0.1)),
)


class Settings:
    """What is asked of the settings."""

    axis, points, replicates, recipes = "depth", [0, 1, 2, 3], 12, ["fixed", "tuned"]


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    write_verdicts(folder, WHOLE)
    return (folder / VERDICTS).read_bytes()


def places(value, path=()):
    """The way to every value in a JSON document."""
    yield path
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from places(inner, (*path, key))


OTHERS = (
    *(None, True, 0, 1, -1, 3, 1e9, -0.5, "", "x", "best", "overfits", "diverged"),
    *("cannot tell", "none resolved", "threshold found", "grid too short", [], {}, [1], {"a": 1}),
)


def read(folder, data):
    """What is read of the bytes and said of it; None where they are refused in one line."""
    (folder / "results").mkdir(exist_ok=True)
    (folder / VERDICTS).write_bytes(data)
    verdicts, said = read_or_refuse(lambda: read_verdicts(folder, Settings))
    if verdicts is None:
        assert said.isprintable()
        assert said.startswith(f"{folder / VERDICTS}: ")
        assert said.endswith("run `dvc repro`")
        return None
    for axis in ("depth", "training_size"):
        said = answer_text(verdicts.views, axis, RULES, True)
        views = verdicts.by_view
        titles = {" ".join(view): verdict for view, verdict in views.items()}
        said += str(advice(titles, axis))
        for verdict in views.values():
            said += " ".join(view_statements(verdict, axis))
            said += trust(verdict, alpha=0.05, margin=0.01, resampled=True)
        assert said
    show(verdicts, Path("page"), io.StringIO())
    return verdicts


def test_whole_as_it_is(tmp_path, content):
    assert read(tmp_path, content) == WHOLE


@settings(max_examples=300)
@given(data=st.data())
def test_another_value_anywhere(tmp_path_factory, content, data):
    whole = json.loads(content)
    path = data.draw(st.sampled_from([p for p in places(whole) if p]))
    at = whole
    for key in path[:-1]:
        at = at[key]
    if data.draw(st.booleans()):
        at[path[-1]] = data.draw(st.sampled_from(OTHERS))
    else:
        del at[path[-1]]
    read(tmp_path_factory.mktemp("spoiled"), json.dumps(whole).encode())


@given(data=st.data())
def test_other_bytes_anywhere(tmp_path_factory, content, data):
    spoiled = bytearray(content)
    place = data.draw(st.integers(0, len(content) - 1))
    spoiled[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    read(tmp_path_factory.mktemp("spoiled"), bytes(spoiled))


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"3", b"x", b"\xff", b"[" * 100_000, b'{"axis": NaN}', b"null"]
)
def test_no_verdicts_at_all(tmp_path, data):
    assert read(tmp_path, data) is None
