import csv

import pytest

from depthgauge.artifacts.search import (
    FOLDER,
    KEPT,
    keep_folder,
    read_study,
    search_path,
    write_search,
)
from depthgauge.errors import InputError

TRIALS = [
    {"trial": 0, "state": "complete", "value": 1.5, "best_so_far": 1.5, "learning_rate": 1e-3},
    {"trial": 1, "state": "diverged", "value": None, "best_so_far": 1.5, "learning_rate": 0.5},
]
CURVES = [{"trial": 0, "epoch": 1, "value": 2.0}, {"trial": 0, "epoch": 2, "value": 1.5}]
IMPORTANCES = [{"parameter": "learning_rate", "importance": None}]
STUDY = {"name": "small depth 1 0a1b2c3d", "best_trial": 0}


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_four_files(tmp_path):
    folder = tmp_path / "new/folder"
    write_search(folder, 1, TRIALS, CURVES, IMPORTANCES, STUDY)
    assert sorted(path.name for path in folder.iterdir()) == [
        "1-curves.csv",
        "1-importances.csv",
        "1-study.json",
        "1-trials.csv",
    ]
    first, second = rows(folder / "1-trials.csv")
    assert (first["value"], second["value"]) == ("1.5", "")
    assert [float(row["learning_rate"]) for row in (first, second)] == [1e-3, 0.5]
    assert [row["value"] for row in rows(folder / "1-curves.csv")] == ["2", "1.5"]
    assert rows(folder / "1-importances.csv") == [{"parameter": "learning_rate", "importance": ""}]
    assert read_study(folder / "1-study.json") == STUDY


def test_where_they_lie():
    assert search_path(3, "study.json") == FOLDER / "3-study.json"


@pytest.mark.parametrize("content", [None, "", "{", "[]"])
def test_a_study_that_cannot_be_read(tmp_path, content):
    path = tmp_path / "1-study.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=r"1-study\.json: "):
        read_study(path)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(InputError):
        write_search(tmp_path / "file", 1, TRIALS, CURVES, IMPORTANCES, STUDY)
    assert (tmp_path / "file").read_text() == "precious"


def test_the_folder_is_kept_and_what_is_in_it(tmp_path):
    keep_folder(tmp_path)
    write_search(tmp_path / FOLDER, 1, TRIALS, CURVES, IMPORTANCES, STUDY)
    keep_folder(tmp_path)
    assert (tmp_path / KEPT).read_bytes() == b""
    assert len(list((tmp_path / FOLDER).iterdir())) == 1 + 4
