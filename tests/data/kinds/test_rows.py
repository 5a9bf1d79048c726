"""Groups of rows: read, split by, kept apart, and warned of."""

import numpy as np
import pytest
from pydantic import ValidationError

from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.errors import InputError
from tests.data.make import images, make_table, prepare

N = 120
COUNTS = {"train": 40, "validation": 20, "test": 40}
PIXELS = np.random.default_rng(3).integers(0, 16, (N, 4)).astype(float)


def table(groups):
    columns = {name: PIXELS[:, k] for k, name in enumerate("abcd")}
    labels = ["xy"[k % 2] for k in range(N)]
    return make_table({**columns, "label": labels, "writer": groups}, range(N))


def dataset_of(count, **changes):
    data = images("classification", COUNTS, group="writer", **changes)
    groups = [f"w{k * count // N}" for k in range(N)]
    return data, prepare(data, table(groups), 0, 3)[0]


def test_the_column_of_groups_is_no_input():
    _, dataset = dataset_of(12)
    assert dataset.input_names == ("a", "b", "c", "d")
    assert np.bincount(dataset.groups).tolist() == [10] * 12


def test_groups_move_no_row_of_a_random_split():
    _, dataset = dataset_of(12)
    other = prepare(
        images("classification", COUNTS),
        make_table({k: v for k, v in table(["w"] * N).cells.items() if k != "writer"}, range(N)),
        0,
        3,
    )[0]
    for name in SPLIT_NAMES:
        np.testing.assert_array_equal(dataset.splits[name], other.splits[name])


@pytest.mark.parametrize("label_noise", [0.0, 0.5])
def test_kept_apart_no_group_is_in_two_splits(label_noise):
    data, dataset = dataset_of(12, label_noise=label_noise)
    apart = data.keep_apart(dataset, 0, 3)
    assert apart.splits.train.shape == dataset.splits.train.shape
    for replicate in range(3):
        parts = [set(dataset.groups[apart.splits[name][replicate]]) for name in SPLIT_NAMES]
        assert sum(map(len, parts)) == len(set.union(*parts))
        rows = apart.splits.train[replicate]
        np.testing.assert_allclose(
            apart.scaling.input_centre[replicate], dataset.inputs[rows].mean(), rtol=1e-5
        )
        if label_noise:
            seen = apart.train_targets[replicate]
            assert 0.2 < np.mean(seen != dataset.targets[rows]) < 0.8
    assert (apart.train_targets is None) == (label_noise == 0)


def test_a_split_by_groups_has_them_whole():
    _, dataset = dataset_of(12, by="group")
    parts = [set(dataset.groups[dataset.splits[name][0]]) for name in SPLIT_NAMES]
    assert sum(map(len, parts)) == len(set.union(*parts))


def test_too_few_groups_to_keep_apart():
    data, dataset = dataset_of(2)
    with pytest.raises(InputError, match="the 2 groups leave no 40 examples to train on"):
        data.keep_apart(dataset, 0, 3)


@pytest.mark.parametrize(
    ("count", "said"), [(12, "names 12 groups"), (N, "names every example anew"), (30, None)]
)
def test_doubts(count, said):
    data, dataset = dataset_of(count)
    lines = data.find_doubts(dataset)
    assert [said in line for line in lines] == ([] if said is None else [True])


def test_an_empty_cell_is_named():
    groups = [f"w{k % 9}" for k in range(N)]
    groups[4] = ""
    data = images("classification", COUNTS, group="writer")
    with pytest.raises(InputError, match="row 4, column 'writer': is empty"):
        prepare(data, table(groups), 0, 3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"by": "group"}, "data.split.by: group needs data.group"),
        ({"group": "label"}, "data.group: 'label' is the target"),
        ({"task": "structured", "by": "stratified"}, "stratified needs classes"),
    ],
)
def test_settings_that_do_not_fit(changes, said):
    task = changes.pop("task", "classification")
    with pytest.raises(ValidationError, match=said):
        images(task, COUNTS, **changes)
