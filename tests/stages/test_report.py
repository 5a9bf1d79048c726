from xml.etree import ElementTree

import pytest

from tests.experiment import snapshot

FIGURE, PAGE = "results/loss-by-depth.svg", "results/report/index.html"


def outputs(experiment):
    files = snapshot(experiment.folder / "results")
    return {name: files[name] for name in ("report/index.html", "loss-by-depth.svg")}


def test_same_bytes_again_and_elsewhere(copy_of, kind):
    one, other = copy_of(kind, "one"), copy_of(kind, "other place")
    before = outputs(one)
    assert set(snapshot(one.folder / "results/report")) == {"index.html"}
    assert other.stage("report") == 0
    assert outputs(other) == before


def test_is_a_picture_of_the_views(done):
    assert done.stage("report") == 0
    root = ElementTree.parse(done.folder / FIGURE).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    texts = (done.folder / FIGURE).read_text()
    assert "fixed recipe, after the last epoch" in texts
    assert "fixed recipe, at least validation loss" in texts
    assert "small: 3 replicates of each depth" in texts


def test_the_answer_is_printed_with_the_place_of_the_page(done, capsys):
    capsys.readouterr()
    assert done.stage("report") == 0
    told = capsys.readouterr()
    assert (
        told.out.splitlines() == (done.folder / "results/answer.txt").read_text().splitlines()[:1]
    )
    assert f"report: {done.folder / PAGE}" in told.err


def test_the_pipeline_ends_with_the_answer(done, capsys, monkeypatch, refused):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    capsys.readouterr()
    assert done.run("track") == 0
    told = capsys.readouterr()
    assert told.out.startswith((done.folder / "results/answer.txt").read_text().splitlines()[0])
    assert f"The page: {done.folder / PAGE}" in told.out
    assert "track: " in told.err
    done.set("points", [0, 1])
    said = refused(done, "track")
    assert "results/verdicts.json: points: made with [0, 1, 2], now [0, 1]" in said
    assert "run `dvc repro`" in said


@pytest.mark.parametrize("points", [[0], [1], [0, 64]])
def test_few_points(copy_of, points):
    copy_of("series").set("points", points).repro()


def test_a_former_page_goes(copy_of):
    experiment = copy_of("images")
    (experiment.folder / "results/report/other.html").write_text("")
    assert experiment.stage("report") == 0
    assert set(snapshot(experiment.folder / "results/report")) == {"index.html"}


def test_other_recipes_are_refused(copy_of, refused):
    experiment = copy_of("images")
    path = experiment.folder / "results/verdicts.json"
    path.write_text(path.read_text().replace('"fixed"', '"tuned"'))
    assert "run `dvc repro`" in refused(experiment, "report")
