"""Which looks were taken is written down, and read back for the plan that it was made for."""

import pytest

from depthgauge.artifacts.looks import LOOKS, Looks, at_last_look, read_looks, write_looks
from depthgauge.errors import InputError
from depthgauge.statistics.looks import Ending
from tests.experiment import new_experiment

TWO = Looks([2, 4, 6], [2, 4], Ending.DECIDED)


@pytest.fixture
def planned(tmp_path):
    return new_experiment(tmp_path / "experiment", "images").set("replicates", TWO.planned)


def test_what_was_written_comes_back(planned):
    write_looks(planned.folder, TWO)
    assert read_looks(planned.folder, planned.settings) == TWO
    assert at_last_look(planned.folder, planned.settings).trained == 4


def test_without_a_plan_there_is_one_look(planned):
    settings = planned.set("replicates", 3).settings
    assert read_looks(planned.folder, settings) == Looks([3], [3], Ending.LAST)
    assert at_last_look(planned.folder, settings).trained == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no such file"),
        ("{", "is damaged"),
        ('{"planned": [2, 4, 6], "taken": [], "ended": "last"}', "is damaged"),
        ('{"planned": [2, 4, 6], "taken": [4], "ended": "last"}', "is damaged"),
        ('{"planned": [2, 4, 6], "taken": [2], "ended": "tired"}', "ended: is damaged"),
        ('{"planned": [2, 4, 6], "taken": [2]}', "ended: is missing"),
        ('{"planned": [2, 4], "taken": [2], "ended": "last"}', r"replicates: made with \[2, 4\]"),
    ],
)
def test_damage_is_told_in_one_line(planned, text, said):
    path = planned.folder / LOOKS
    path.parent.mkdir(parents=True)
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=rf"looks\.json: {said}.*run `dvc repro`"):
        read_looks(planned.folder, planned.settings)
