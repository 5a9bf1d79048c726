from xml.etree import ElementTree

import pytest

from tests.experiment import snapshot

FIGURE = "results/report/loss-by-depth.svg"


def test_same_bytes_again_and_elsewhere(copy_of, kind):
    one, other = copy_of(kind, "one"), copy_of(kind, "other place")
    before = snapshot(one.folder / "results/report")
    assert set(before) == {"loss-by-depth.svg"}
    assert other.stage("report") == 0
    assert snapshot(other.folder / "results/report") == before


def test_is_a_picture_of_the_views(done):
    assert done.stage("report") == 0
    root = ElementTree.parse(done.folder / FIGURE).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    comments = (done.folder / FIGURE).read_text()
    assert "fixed recipe, after the last epoch" in comments
    assert "fixed recipe, at least validation loss" in comments
    assert "small: 3 replicates of each depth" in comments


@pytest.mark.parametrize("points", [[0], [1], [0, 64]])
def test_few_points(copy_of, points):
    copy_of("series").set("points", points).repro()


def test_a_former_figure_goes(copy_of):
    experiment = copy_of("images")
    (experiment.folder / "results/report/loss-by-width.svg").write_text("")
    assert experiment.stage("report") == 0
    assert set(snapshot(experiment.folder / "results/report")) == {"loss-by-depth.svg"}
