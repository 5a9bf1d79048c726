import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import altair as alt
import numpy as np
import pytest

from depthgauge.report.charts.chart import (
    Figure,
    decades,
    is_wide,
    lookup,
    loss_axis,
    number,
    plot,
    point_axis,
)
from depthgauge.report.prose.numbers import plain


@pytest.fixture
def figure():
    chart = plot(alt.Chart().mark_point().encode(x="a:Q", y="b:Q"))
    return Figure("f", "a figure", "", chart, [{"a": 1, "b": 2.5}, {"a": None, "b": 3.0}])


def test_the_picture_holds_the_table(figure):
    groups = ET.fromstring(figure.svg("heading")).iter("{http://www.w3.org/2000/svg}g")
    (marks,) = [group for group in groups if "mark-symbol" in group.get("class", "")]
    # A row without a place is no mark.
    assert len(marks) == 1
    assert "heading" in figure.svg("heading")


def test_on_a_terminal_it_is_a_line(figure):
    assert repr(figure) == "Figure('f', title='a figure', 2 rows)"


def test_another_process_draws_the_same(figure):
    program = (
        "import altair as alt; from depthgauge.report.charts.chart import Figure, plot;"
        "chart = plot(alt.Chart().mark_point().encode(x='a:Q', y='b:Q'));"
        "rows = [{'a': 1, 'b': 2.5}, {'a': None, 'b': 3.0}];"
        "print(Figure('f', 'a figure', '', chart, rows).svg(), end='')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.decode() == figure.svg()


def test_the_table_is_not_in_the_specification_of_the_page(figure):
    assert figure.csv == "a,b\n1,2.5\n,3.0\n"
    assert figure.csv_address == "data:text/csv;charset=utf-8,a,b%0A1,2.5%0A,3.0%0A"
    spec = json.loads(figure.json)
    assert spec["data"] == {"format": {"type": "csv", "parse": {"a": "number", "b": "number"}}}


def test_a_name_is_no_formula_in_the_table_and_itself_in_the_picture():
    chart = plot(alt.Chart().mark_text().encode(x="a:Q", text="name:N"))
    figure = Figure("f", "", "", chart, [{"a": -1, "name": "=1+1"}, {"a": -2.5, "name": "x"}])
    assert figure.csv == "a,name\n-1,'=1+1\n-2.5,x\n"
    assert ">=1+1<" in figure.svg()


@pytest.mark.parametrize(
    ("value", "shown"), [(1234567.0, 1234570.0), (float("nan"), None), (float("inf"), None)]
)
def test_numbers_have_six_digits_or_are_absent(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "said"), [(114123.0, "114,100"), (0.12344, "0.1234"), (26.0, "26"), (-3.5, "-3.5")]
)
def test_a_plain_number(value, said):
    assert plain(value) == said


@pytest.mark.parametrize(
    ("high", "labels"),
    [
        (10.0, [1, 2, 5, 10]),
        (1e6, [1, 10, 100, 1e3, 1e4, 1e5, 1e6]),
        (1e7, [1, 1e2, 1e4, 1e6]),
        (1e30, [1, 1e5, 1e10, 1e15, 1e20, 1e25, 1e30]),
    ],
)
def test_a_logarithmic_axis_has_room_for_its_labels(high, labels):
    assert decades(1.0, high) == labels


@pytest.mark.parametrize("count", [1, 7, 12, 13, 20, 64])
def test_not_more_labels_than_fit(count):
    points = list(range(0, 10 * count, 10))
    axis = point_axis("depth", points, "depth").to_dict()
    assert axis["scale"]["domain"] == points
    assert axis["axis"]["values"][0] == 0
    assert set(axis["axis"]["values"]) <= set(points)
    assert len(axis["axis"]["values"]) <= 12


def test_losses_that_spread_widely_get_a_logarithmic_axis():
    losses = np.array([0.5, 0.005, np.nan])
    assert is_wide(losses)
    assert not is_wide(losses * 0)
    assert not is_wide(np.array([np.nan]))
    scale = loss_axis("y", "loss", losses, 0.005).to_dict()["scale"]
    assert scale["type"] == "log"
    assert 0 < scale["domain"][0] < 0.005 < 0.5 < scale["domain"][1]
    assert "type" not in loss_axis("y", "loss", losses, None).to_dict()["scale"]
    # A replicate far below all means does not squeeze everything else.
    low = loss_axis("y", "loss", np.array([1e-9, 1.0]), 0.1).to_dict()["scale"]["domain"][0]
    assert low > 0.02


@pytest.mark.parametrize("value", [0.0255378997, 1.0, 3e38])
def test_all_at_one_value_has_at_most_that_label(value):
    assert set(decades(value, value)) <= {value}


def test_numbers_are_looked_up_however_javascript_writes_them():
    keys = [1e-7, 1.5e-7, 1e-6, 0.00001, 0.1, 1.0, 2, 123456789.0, 1e21, -1e-9]
    found = lookup({key: f"is {key!r}" for key in keys}, "datum.a")
    chart = plot(alt.Chart().mark_text().encode(y="a:O", text="said:N"), said=found)
    svg = Figure("f", "a figure", "", chart, [{"a": key} for key in keys]).svg()
    assert [key for key in keys if f">is {key!r}<" not in svg] == []
