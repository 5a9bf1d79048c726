import csv
import io
import json
import math

import pytest
from depthgauge.statistics.words import Outcome, Verdict
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.artifacts.verdicts import (
    POINTS,
    THRESHOLD,
    point_row,
    read_answer,
    read_descents,
    read_points,
    read_threshold,
    read_verdicts,
    threshold_entry,
    write_threshold,
)
from depthgauge.errors import InputError
from depthgauge.files.csv_files import write_table
from depthgauge.statistics.double_descent import Descent
from depthgauge.statistics.verdicts import (
    Answer,
    Comparison,
    Interval,
    PointVerdict,
    Rise,
    ViewVerdict,
)

VIEW = ("fixed", "last")
COMPARISON = Comparison(
    pairs=9,
    left_out=1,
    difference=0.5,
    interval=Interval(0.25, 0.75),
    relative_rise=0.1,
    train_difference=-0.2,
    train_interval=Interval(-0.3, -0.1),
    adjusted_p=1e-20,
    lower_bound=0.125,
)


def verdict_at(point, comparison):
    return PointVerdict(
        point=point,
        on_this_data=Verdict.OVERFITS if comparison else Verdict.BEST,
        for_new_data=Verdict.CANNOT_TELL if comparison else Verdict.BEST,
        finite_replicates=10,
        test_mean=5.0,
        test_interval=Interval(4.5, 5.5),
        validation_mean=5.0,
        train_mean=1.0,
        still_falling=True,
        comparison=comparison,
    )


def view_verdict(rise):
    answer = Answer(Outcome.THRESHOLD_FOUND, 3, rise) if rise else None
    none = Answer(Outcome.NONE_RESOLVED, None, None)
    return ViewVerdict(
        points=(verdict_at(1, None), verdict_at(3, COMPARISON)),
        best=1,
        recommended=1,
        interpolation_threshold=None,
        on_this_data=answer or none,
        for_new_data=none,
        stability=0.9,
        replicates=10,
    )


def test_row_of_a_point():
    row = point_row(VIEW, "depth", {"test_loss": 5.0}, verdict_at(3, COMPARISON))
    assert row == {
        "recipe": "fixed",
        "stopping": "last",
        "axis": "depth",
        "point": 3,
        "test_loss": 5.0,
        "test_loss_low": 4.5,
        "test_loss_high": 5.5,
        "finite_replicates": 10,
        "still_falling": True,
        "pairs": 9,
        "left_out": 1,
        "test_difference": 0.5,
        "test_difference_low": 0.25,
        "test_difference_high": 0.75,
        "relative_rise": 0.1,
        "last_train_difference": -0.2,
        "last_train_difference_low": -0.3,
        "last_train_difference_high": -0.1,
        "adjusted_p": 1e-20,
        "new_data_lower_bound": 0.125,
        "on_this_data": "overfits",
        "for_new_data": "cannot tell",
    }


def test_rows_of_all_points_have_the_same_columns():
    rows = [point_row(VIEW, "depth", {}, verdict_at(p, c)) for p, c in ((1, None), (3, COMPARISON))]
    assert list(rows[0]) == list(rows[1])


def test_entry_of_a_view_with_a_threshold():
    entry = threshold_entry(view_verdict(Rise(3, Verdict.OVERFITS, COMPARISON)), {})
    assert entry["best"] == 1
    assert entry["overfitting_threshold"] == 3
    assert entry["stability"] == 0.9
    # The interval of the difference, as shares of the same loss as the rise.
    assert entry["rise"] == pytest.approx(
        {"point": 3, "verdict": "overfits", "relative": 0.1, "low": 0.05, "high": 0.15}
    )
    assert entry["on_this_data"]["adjusted_p"] == 1e-20
    json.dumps(entry, allow_nan=False)


def test_entry_of_a_view_without_one():
    entry = threshold_entry(view_verdict(None), {})
    assert entry["overfitting_threshold"] is None
    assert entry["rise"] is None
    assert entry["on_this_data"]["outcome"] == "none resolved"
    assert entry["on_this_data"]["threshold"] is None


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
            assert row["value"] == str(value)


def test_threshold_reads_back(tmp_path):
    path = tmp_path / "results" / "threshold.json"
    entries = {
        ("fixed", s): threshold_entry(view_verdict(None), {}) for s in ("last", "validation")
    }
    write_threshold(path, entries)
    assert read_threshold(path) == {
        "fixed": {stopping: entry for (_, stopping), entry in entries.items()}
    }
    before = path.read_bytes()
    write_threshold(path, dict(reversed(entries.items())))
    assert path.read_bytes() == before


def test_threshold_without_a_view(tmp_path):
    path = tmp_path / "threshold.json"
    write_threshold(path, {VIEW: threshold_entry(view_verdict(None), {})})
    with pytest.raises(InputError) as caught:
        read_threshold(path)
    assert str(caught.value) == f"{path}: fixed.validation: is missing; run `dvc repro`"


def test_points(tmp_path):
    path = tmp_path / "points.csv"
    with pytest.raises(InputError, match=r"no such file; run `dvc repro`$"):
        read_points(path)
    write_table(path, [point_row(VIEW, "depth", {}, verdict_at(3, COMPARISON))])
    assert [row["point"] for row in read_points(path)] == ["3"]
    path.write_bytes(b"\xff")
    with pytest.raises(InputError, match=r"is damaged; run `dvc repro`$"):
        read_points(path)


def write_verdicts(folder, verdict):
    views = [("fixed", "last"), ("fixed", "validation")]
    rows = [
        point_row(
            view,
            "depth",
            {
                "train_loss": point.train_mean,
                "validation_loss": point.validation_mean,
                "test_loss": point.test_mean,
            },
            point,
        )
        for view in views
        for point in verdict.points
    ]
    write_table(folder / POINTS, rows)
    write_threshold(folder / THRESHOLD, {view: threshold_entry(verdict, {}) for view in views})


@pytest.mark.parametrize("rise", [None, Rise(3, Verdict.OVERFITS, COMPARISON)])
def test_verdicts_come_back_whole(tmp_path, rise):
    verdict = view_verdict(rise)
    write_verdicts(tmp_path, verdict)
    found = read_verdicts(tmp_path, [1, 3], 10)
    assert list(found) == [("fixed", "last"), ("fixed", "validation")]
    for entry in found.values():
        assert entry.points == verdict.points
        assert entry.best == 1
        assert entry.stability == 0.9
        assert entry.on_this_data.threshold == verdict.on_this_data.threshold
        # The first rise follows from the verdicts of the points.
        assert entry.on_this_data.rise == Rise(3, Verdict.OVERFITS, COMPARISON)
        assert entry.for_new_data.rise is None


def test_verdicts_of_other_points_are_refused(tmp_path):
    write_verdicts(tmp_path, view_verdict(None))
    with pytest.raises(InputError, match="is of other points; run `dvc repro`"):
        read_verdicts(tmp_path, [1, 2], 10)
    with pytest.raises(InputError, match="is of other points; run `dvc repro`"):
        read_verdicts(tmp_path, [1, 3, 4], 10)


@pytest.mark.parametrize("change", [("overfits", "underfits"), ("test_loss", "loss")])
def test_damaged_points_are_refused(tmp_path, change):
    write_verdicts(tmp_path, view_verdict(None))
    path = tmp_path / POINTS
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(InputError, match="is damaged; run `dvc repro`"):
        read_verdicts(tmp_path, [1, 3], 10)


def test_the_answer_is_the_first_line(tmp_path):
    path = tmp_path / "answer.txt"
    path.write_text("So it is.\nfixed recipe:\n  more\n")
    assert read_answer(path) == ("So it is.", "fixed recipe:\n  more\n")
    for damaged in ("", "So it is.", "no sentence\nmore\n"):
        path.write_text(damaged)
        with pytest.raises(InputError, match="is damaged"):
            read_answer(path)


def test_a_relative_interval_is_the_interval_over_the_best_loss():
    found = COMPARISON.relative_interval
    assert found == Interval(pytest.approx(0.05), pytest.approx(0.15))


def test_descents_read_back_the_same(tmp_path):
    descent = Descent(1, 2, 4, 3, 0.2, Interval(0.1, 0.3), 0.25, 1e-4, None, False)
    views = {("fixed", s): {"loss": descent, "error": None} for s in ("last", "validation")}
    (tmp_path / "results").mkdir()
    write_threshold(
        tmp_path / THRESHOLD,
        {view: threshold_entry(view_verdict(None), found) for view, found in views.items()},
    )
    assert read_descents(tmp_path) == views


def test_damaged_descents_are_refused(tmp_path):
    (tmp_path / "results").mkdir()
    entry = threshold_entry(view_verdict(None), {}) | {"second_descent": {"loss": {"peak": 1}}}
    write_threshold(tmp_path / THRESHOLD, {("fixed", s): entry for s in ("last", "validation")})
    with pytest.raises(InputError, match="second_descent: is damaged"):
        read_descents(tmp_path)
