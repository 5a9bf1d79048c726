"""verdicts.json and what is derived of it: damaged in any way, it is refused in one line."""

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depthgauge.artifacts.looks import Looks
from depthgauge.artifacts.verdicts import (
    ANSWER,
    LOSS_BY_POINT,
    POINTS,
    THRESHOLD,
    VERDICTS,
    read_verdicts,
    write_verdicts,
)
from depthgauge.errors import InputError
from depthgauge.files.csv_files import write_table
from depthgauge.files.formulas import unguard
from depthgauge.report.console import show
from depthgauge.report.prose.advice import advice, trust, view_statements
from depthgauge.report.prose.answer import answer_text
from depthgauge.statistics.effects import Compared, Cure, Effect
from depthgauge.statistics.estimates import Bounds, Comparison, Estimate, Interval, Share
from depthgauge.statistics.looks import Ending
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import (
    Answer,
    Choice,
    DoubleDescent,
    JudgedView,
    Outcome,
    PointVerdict,
    Rise,
    Verdict,
    Verdicts,
    ViewVerdict,
)
from tests.refusal import read_or_refuse
from tests.verdicts import RULES, judge_simulated, make_verdicts

COMPARISON = Comparison(
    pairs=9,
    left_out=1,
    difference=0.5,
    interval=Interval(0.25, 0.75),
    crossed_interval=Interval(0.0, 1.0),
    relative_rise=0.1,
    train_difference=-0.2,
    train_interval=Interval(-0.3, -0.1),
    gap_difference=0.5,
    gap_interval=Interval(0.4, 0.6),
    gap_share=1.5,
    share_interval=Interval(1.25, 2.0),
    adjusted_p=1e-20,
    adjusted_p_below=1.0,
    smallest_rise=0.0625,
    error=0.03125,
    new_data=Bounds(0.125, 0.25, 0.125, 0.0625, 0.0625),
    new_groups=None,
    variance_shares={
        "replicates": Share(0.25, Interval(0.125, 0.5)),
        "examples": Share(0.75, None),
    },
)
ESTIMATES = {
    "train_loss": Estimate(1.25, Interval(1.0, 1.5)),
    "validation_loss": Estimate(5.5, None),
    "test_loss": Estimate(5.0, Interval(4.5, 5.5)),
    "test_r2": Estimate(None, None),
}
DESCENT = DoubleDescent(1, 3, 3, 3, 0.2, Interval(0.1, 0.3), 0.25, 1e-4, None, False)


def verdict_at(point, comparison):
    return PointVerdict(
        point=point,
        on_this_data=Verdict.OVERFITS if comparison else Verdict.BEST,
        for_new_data=Verdict.CANNOT_TELL if comparison else Verdict.BEST,
        for_new_groups=None,
        finite_replicates=10,
        memorised=9,
        train_median=1.125,
        estimates=ESTIMATES,
        crossed_interval=Interval(4.0, 6.0),
        still_falling=True,
        comparison=comparison,
    )


def view_verdict(rise, descents=None):
    answer = Answer(Outcome.THRESHOLD_FOUND, 3, rise) if rise else None
    none = Answer(Outcome.NONE_RESOLVED, None, None)
    return ViewVerdict(
        points=(verdict_at(1, None), verdict_at(3, COMPARISON)),
        best=1,
        recommended=1,
        least_validation=3,
        interpolation_threshold=None,
        on_this_data=answer or none,
        for_new_data=none,
        for_new_groups=None,
        stability=0.9,
        replicates=10,
        studies=None,
        double_descent=descents or {"loss": None},
    )


CURE = Cure(
    "tuned",
    "validation",
    Effect.LESSENS,
    (Compared(3, 0.25, 0.125, -0.125, Interval(-0.25, -0.0625)),),
)
CHOICE = Choice("fixed", "last", 1, "fixed", "last", 3, 0.02, Interval(-0.01, 0.05))
RISE = Rise(3, Verdict.OVERFITS, COMPARISON)


def verdicts_of(verdict):
    views = tuple(JudgedView("fixed", stopping, verdict) for stopping in ("last", "validation"))
    return Verdicts(
        "depth", (1, 3), 10, views, CHOICE, (CURE,), "So it is.\nfixed recipe:\n  more\n"
    )


class Settings:
    """What is asked of the settings."""

    axis, points, trained, views = "depth", [1, 3], 10, [("fixed", s) for s in STOPPINGS]
    metrics: ClassVar = []


def derived(folder, verdict):
    """The first row of each point of points.csv, and threshold.json's entry."""
    write_verdicts(folder, verdicts_of(verdict))
    with (folder / POINTS).open() as file:
        rows = list(csv.DictReader(file))
    return rows, json.loads((folder / THRESHOLD).read_text())["fixed"]["last"]


def test_points_csv_is_derived(tmp_path):
    rows, _ = derived(tmp_path, view_verdict(RISE))
    assert [(row["stopping"], row["point"]) for row in rows] == [
        ("last", "1"),
        ("last", "3"),
        ("validation", "1"),
        ("validation", "3"),
    ]
    assert rows[1] == {
        "recipe": "fixed",
        "stopping": "last",
        "axis": "depth",
        "point": "3",
        "train_loss": "1.25",
        "validation_loss": "5.5",
        "test_loss": "5",
        "test_r2": "",
        "test_loss_low": "4.5",
        "test_loss_high": "5.5",
        "test_loss_crossed_low": "4",
        "test_loss_crossed_high": "6",
        "finite_replicates": "10",
        "memorised_replicates": "9",
        "train_loss_median": "1.125",
        "still_falling": "true",
        "pairs": "9",
        "left_out": "1",
        "test_difference": "0.5",
        "test_difference_low": "0.25",
        "test_difference_high": "0.75",
        "relative_rise": "0.1",
        "test_difference_crossed_low": "0",
        "test_difference_crossed_high": "1",
        "train_difference": "-0.2",
        "train_difference_low": "-0.3",
        "train_difference_high": "-0.1",
        "gap_difference": "0.5",
        "gap_difference_low": "0.4",
        "gap_difference_high": "0.6",
        "gap_share": "1.5",
        "gap_share_low": "1.25",
        "gap_share_high": "2",
        "adjusted_p": "1e-20",
        "adjusted_p_below": "1",
        "new_data_lower_bound": "0.125",
        "new_data_upper_bound": "0.25",
        "smallest_rise": "0.0625",
        "smallest_rise_new_data": "0.125",
        "smallest_rise_new_data_limit": "0.0625",
        "on_this_data": "overfits",
        "for_new_data": "cannot tell",
        "for_new_groups": "",
        **dict.fromkeys(("new_groups_lower_bound", "new_groups_upper_bound"), ""),
        **dict.fromkeys(("smallest_rise_new_groups", "smallest_rise_new_groups_limit"), ""),
    }
    assert list(rows[0]) == list(rows[1])
    assert rows[0]["pairs"] == rows[0]["test_difference_low"] == ""


def test_threshold_json_of_a_view_with_a_threshold(tmp_path):
    _, entry = derived(tmp_path, view_verdict(RISE))
    assert entry["best"] == 1
    assert entry["overfitting_threshold"] == 3
    assert entry["stability"] == 0.9
    # The interval of the difference, as shares of the same loss as the rise.
    assert entry["rise"].pop("variance_shares") == {
        "replicates": {"share": 0.25, "share_low": 0.125, "share_high": 0.5},
        "examples": {"share": 0.75, "share_low": None, "share_high": None},
    }
    assert entry["rise"] == pytest.approx(
        {
            **{"point": 3, "verdict": "overfits", "relative": 0.1, "low": 0.05, "high": 0.15},
            **{"crossed_low": 0.0, "crossed_high": 0.2},
            **{"gap_share": 1.5, "gap_share_low": 1.25, "gap_share_high": 2.0},
        }
    )
    assert entry["on_this_data"]["adjusted_p"] == 1e-20
    assert entry["for_new_data"]["lower_bound"] is None


def test_threshold_json_of_a_view_without_one(tmp_path):
    _, entry = derived(tmp_path, view_verdict(None))
    assert entry["overfitting_threshold"] is None
    assert entry["rise"] is None
    assert entry["on_this_data"]["outcome"] == "none resolved"
    assert entry["on_this_data"]["threshold"] is None


def test_the_second_descents_of_threshold_json(tmp_path):
    _, entry = derived(tmp_path, view_verdict(None, {"loss": None, "error": DESCENT}))
    assert list(entry["second_descent"]) == ["error_rate", "loss"]
    assert entry["second_descent"]["error_rate"]["interval"] == {"low": 0.1, "high": 0.3}


def test_loss_by_point_has_a_column_for_every_recipe(tmp_path):
    derived(tmp_path, view_verdict(None))
    with (tmp_path / LOSS_BY_POINT).open() as file:
        rows = list(csv.DictReader(file))
    assert [row["depth"] for row in rows] == ["1", "3"]
    assert rows[0]["fixed_last_train"] == "1.25"
    assert rows[0]["fixed_validation_test"] == "5"
    assert rows[0]["tuned_validation_test"] == ""


def test_the_answer_is_written_as_it_is(tmp_path):
    derived(tmp_path, view_verdict(None))
    assert (tmp_path / ANSWER).read_text() == "So it is.\nfixed recipe:\n  more\n"
    assert read_verdicts(tmp_path, Settings).sentence == "So it is."


@given(st.lists(st.none() | st.booleans() | st.integers() | st.floats() | st.text('ab," \n')))
def test_table_reads_back(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("table") / "table.csv"
    write_table(path, [{"value": value, "end": "x"} for value in [*values, 1]])
    read = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert [row["end"] for row in read] == ["x"] * (len(values) + 1)
    for row, value in zip(read, values, strict=False):
        if value is None or (isinstance(value, float) and math.isnan(value)):
            assert row["value"] == ""
        elif isinstance(value, bool):
            assert row["value"] == str(value).lower()
        elif isinstance(value, float):
            assert float(row["value"]) == pytest.approx(value, rel=1e-8)
        else:
            # As a cell that is no formula to a spreadsheet.
            assert unguard(row["value"]) == str(value)


number = st.floats(allow_nan=False, allow_infinity=False)
maybe = st.none() | number
interval = st.none() | st.builds(Interval, number, number)
bounds = st.builds(Bounds, *[maybe] * 5)
comparison = st.builds(
    Comparison,
    *(st.integers(0, 10**6), st.integers(0, 10**6), maybe, interval, interval, maybe),
    *(maybe, interval, maybe, interval, maybe, interval, *[maybe] * 4),
    *(bounds, st.none() | bounds),
    st.just({}),
)


@given(
    comparison=comparison,
    estimates=st.fixed_dictionaries(
        {name: st.builds(Estimate, maybe, interval) for name in ESTIMATES}
    ),
    stability=maybe,
    points=st.sampled_from([(0, 1), (0.25, 1e300), ("relu", "tanh"), (1, 1.5)]),
)
def test_verdicts_come_back_equal(tmp_path_factory, comparison, estimates, stability, points):
    folder = tmp_path_factory.mktemp("verdicts")
    first, second = points
    best = replace(verdict_at(first, None), estimates=estimates)
    later = replace(verdict_at(second, comparison), still_falling=None)
    groups = None
    if comparison.new_groups is not None:
        groups = Answer(Outcome.NONE_RESOLVED, None, None)
        best = replace(best, for_new_groups=Verdict.BEST)
        later = replace(later, for_new_groups=Verdict.NO_RISE_RESOLVED)
    rise = Rise(second, Verdict.OVERFITS, comparison)
    verdict = replace(
        view_verdict(None),
        points=(best, later),
        best=first,
        recommended=second,
        least_validation=second,
        stability=stability,
        on_this_data=Answer(Outcome.THRESHOLD_FOUND, second, rise),
        for_new_groups=groups,
        double_descent={"loss": replace(DESCENT, before=first, peak=second, after=second)},
    )
    written = replace(verdicts_of(view_verdict(None)), points=points, views=())
    views = tuple(JudgedView("fixed", s, verdict) for s in ("last", "validation"))
    written = replace(written, views=views)
    write_verdicts(folder, written)
    found = read_verdicts(folder, type("Other", (Settings,), {"points": list(points)}))
    assert found == written
    assert [type(point) for point in found.points] == [type(point) for point in points]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("axis", "width", "axis: made with depth, now width"),
        ("points", [1, 2], r"points: made with \[1, 3\], now \[1, 2\]"),
        ("points", [1, 3, 4], r"points: made with \[1, 3\], now \[1, 3, 4\]"),
        ("trained", 11, "replicates: made with 10, now 11"),
        ("metrics", ["auc"], r"metrics: made with \[\], now \['auc'\]"),
        ("views", [("fixed", "last")], "recipes and stoppings: made with"),
        ("views", [("tuned", "last")], "recipes and stoppings: made with"),
    ],
)
def test_verdicts_of_other_settings_are_refused(tmp_path, name, value, said):
    write_verdicts(tmp_path, verdicts_of(view_verdict(None)))
    with pytest.raises(InputError, match=f"verdicts.json: {said}.*; run `dvc repro`$"):
        read_verdicts(tmp_path, type("Other", (Settings,), {name: value}))


def test_missing_verdicts_are_told_how_to_get(tmp_path):
    with pytest.raises(InputError, match=r"verdicts\.json: no such file; run `dvc repro`$"):
        read_verdicts(tmp_path, Settings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"best": 9},
        {"best": 3},
        {"interpolation_threshold": 2},
        {"on_this_data": Answer(Outcome.NONE_RESOLVED, None, replace(RISE, point=2))},
        {"double_descent": {"loss": replace(DESCENT, peak=2)}},
        {"best": None},
        {"for_new_groups": Answer(Outcome.NONE_RESOLVED, None, None)},
    ],
    ids=str,
)
def test_a_view_that_contradicts_itself_cannot_be(wrong):
    with pytest.raises(ValueError, match="1 validation error"):
        replace(view_verdict(None), **wrong)


def test_an_answer_that_contradicts_itself_cannot_be():
    for outcome, threshold in ((Outcome.NONE_RESOLVED, 3), (Outcome.THRESHOLD_FOUND, None)):
        with pytest.raises(ValueError, match="threshold is"):
            Answer(outcome, threshold, None)
    with pytest.raises(ValueError, match="is no rise"):
        Rise(3, Verdict.BEST, COMPARISON)
    with pytest.raises(ValueError, match="test_loss is missing"):
        replace(
            verdict_at(1, None),
            estimates={"train_loss": Estimate(1.0, None)}
            | {"validation_loss": Estimate(1.0, None)},
        )
    with pytest.raises(ValueError, match="without its comparison"):
        replace(verdict_at(3, COMPARISON), comparison=None)


def test_a_relative_interval_is_the_interval_over_the_best_loss():
    found = COMPARISON.relative_interval
    assert (found.low, found.high) == pytest.approx((0.05, 0.15))
    assert replace(COMPARISON, difference=5e-324).relative_interval is None


DIVERGED = np.ones((12, 4), dtype=bool)
DIVERGED[:, 1] = False
WHOLE = make_verdicts(
    judge_simulated((1.2, 1.0, 1.5, 2.0), (0.9, 0.5, 0.2, 0.1)),
    judge_simulated((1.0, 1.5, 2.0, 1.0), (0.5, 0.2, 0.9, 0.5)),
    judge_simulated((1.0, 1.5, 2.0, 1.0), (0.5, 0.2, 0.9, 0.5), finite=DIVERGED),
    judge_simulated((1.5, 1.2, 1.1, 1.0), (0.5, 0.2, 0.1, 0.1), groups=np.arange(60) // 6),
)


LOOKS = Looks([12, 24], [12], Ending.FUTILE)


class WholeSettings:
    """What is asked of the settings."""

    axis, points, trained, views = "depth", [0, 1, 2, 3], 12, list(WHOLE.by_view)
    metrics: ClassVar = ["accuracy"]


def written():
    """WHOLE as it is in a file, but for its digests, which would refuse all that follows."""
    with TemporaryDirectory() as folder:
        write_verdicts(Path(folder), WHOLE)
        content = json.loads((Path(folder) / VERDICTS).read_bytes())
        assert set(content.pop("digests")) == {"verdicts.json"}
        return json.dumps(content, indent=1).encode()


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
    verdicts, said = read_or_refuse(lambda: read_verdicts(folder, WholeSettings))
    if verdicts is None:
        assert said.isprintable()
        assert said.startswith(f"{folder / VERDICTS}: ")
        assert said.endswith("run `dvc repro`")
        return None
    for axis in ("depth", "training_size"):
        said = answer_text(verdicts.views, axis, RULES, True, "sgd, 3 epochs", "writer")
        views = verdicts.by_view
        titles = {" ".join(view): verdict for view, verdict in views.items()}
        said += str(advice(titles, axis))
        for verdict in views.values():
            said += " ".join(view_statements(verdict, axis))
            said += trust(verdict, RULES, LOOKS, True, "writer", None)
        assert said
    show(verdicts, Path("page"), io.StringIO())
    return verdicts


CONTENT = written()
PLACES = [place for place in places(json.loads(CONTENT)) if place]


def test_whole_as_it_is(tmp_path):
    assert read(tmp_path, CONTENT) == WHOLE


# Drawn whole before the test begins: drawing within it was, once, called flaky by Hypothesis.
@settings(max_examples=300)
@given(st.sampled_from(PLACES), st.booleans(), st.sampled_from(OTHERS))
def test_another_value_anywhere(tmp_path_factory, place, missing, other):
    whole = at = json.loads(CONTENT)
    for key in place[:-1]:
        at = at[key]
    if missing:
        del at[place[-1]]
    else:
        at[place[-1]] = other
    read(tmp_path_factory.mktemp("spoiled"), json.dumps(whole).encode())


@given(st.integers(0, len(CONTENT) - 1), st.integers(0, 3), st.binary(max_size=4))
def test_other_bytes_anywhere(tmp_path_factory, place, removed, added):
    spoiled = bytearray(CONTENT)
    spoiled[place : place + removed] = added
    read(tmp_path_factory.mktemp("spoiled"), bytes(spoiled))


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"3", b"x", b"\xff", b"[" * 100_000, b'{"axis": NaN}', b"null"]
)
def test_no_verdicts_at_all(tmp_path, data):
    assert read(tmp_path, data) is None
