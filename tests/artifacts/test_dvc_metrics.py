"""What DVC shows of a view: few numbers, and those of the verdict."""

import json

from depthgauge.artifacts.dvc_metrics import DVC_METRICS, write_dvc_metrics
from tests.artifacts.test_verdicts import RISE, verdicts_of, view_verdict


def written(folder, rise):
    write_dvc_metrics(folder, verdicts_of(view_verdict(rise)))
    return {path.name: json.loads(path.read_text()) for path in (folder / DVC_METRICS).iterdir()}


def test_a_file_for_each_view_and_no_other(tmp_path):
    (tmp_path / DVC_METRICS).mkdir(parents=True)
    (tmp_path / DVC_METRICS / "tuned-validation.json").write_text("{}")
    assert set(written(tmp_path, RISE)) == {"fixed-last.json", "fixed-validation.json"}


def test_the_numbers_of_a_view(tmp_path):
    told = written(tmp_path, RISE)["fixed-last.json"]
    assert told == {
        **{"best": 1, "recommended": 1, "threshold": 3, "stability": 0.9},
        # The interval is the one that the answer begins with.
        **{"rise": 0.1, "rise_low": 0.0, "rise_high": 0.2, "test_loss": 5.0},
    }


def test_a_view_without_a_threshold_has_the_same_keys(tmp_path):
    with_one = written(tmp_path, RISE)["fixed-last.json"]
    told = written(tmp_path, None)["fixed-last.json"]
    assert told.keys() == with_one.keys()
    assert [told[key] for key in ("threshold", "rise", "rise_low", "rise_high")] == [None] * 4
