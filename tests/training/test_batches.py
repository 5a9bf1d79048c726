"""Who sees which example, and in which order."""

from dataclasses import replace

import numpy as np
import torch

from depthgauge.training.batches import BatchOrder, group_examples
from tests.training.conftest import make_dataset
from tests.training.plain import scaled_splits

CPU = torch.device("cpu")


def test_each_replicate_sees_its_own_scaled_split():
    dataset = make_dataset("regression", 4)
    examples = group_examples(dataset, [3, 1], CPU, torch.float64)
    for position, replicate in enumerate([3, 1]):
        for name, (x, y) in scaled_splits(dataset, replicate, torch.float64).items():
            torch.testing.assert_close(examples[name].inputs[position], x)
            torch.testing.assert_close(examples[name].targets[position], y)


def test_a_fixed_split_is_stored_once_and_shown_to_all():
    dataset = make_dataset("classification", 4, resampled=False)
    test = group_examples(dataset, [3, 1], CPU, torch.float32)["test"]
    assert test.inputs.shape[0] == 1
    inputs, targets = test.rows(0, 10, 2)
    torch.testing.assert_close(inputs[0], inputs[1])
    assert targets.shape == (2, 10)


def test_batch_order_is_a_fresh_permutation_of_each_replicate():
    order = BatchOrder(0, [2, 5])
    first, second = order.next_epoch(30, CPU), order.next_epoch(30, CPU)
    for rows in (*first, *second):
        np.testing.assert_array_equal(np.sort(rows), np.arange(30))
    assert not torch.equal(first, second)
    assert not torch.equal(first[0], first[1])


def test_batch_order_is_the_same_whoever_else_is_in_the_group():
    alone, together = BatchOrder(0, [5]), BatchOrder(0, [2, 5])
    for _ in range(3):
        assert torch.equal(alone.next_epoch(30, CPU)[0], together.next_epoch(30, CPU)[1])


def test_shuffled_examples_keep_inputs_and_targets_together():
    for resampled in (True, False):
        dataset = make_dataset("regression", 2, resampled)
        train = group_examples(dataset, [0, 1], CPU, torch.float32)["train"]
        order = BatchOrder(0, [0, 1]).next_epoch(train.count, CPU)
        shuffled = train.shuffled(order)
        for r in range(2):
            s = r if resampled else 0
            torch.testing.assert_close(shuffled.inputs[r], train.inputs[s][order[r]])
            torch.testing.assert_close(shuffled.targets[r], train.targets[s][order[r]])


def test_a_missing_value_is_the_training_mean():
    dataset = make_dataset("regression", 2)
    inputs = dataset.inputs.copy()
    row = dataset.splits.train[1][4]
    inputs[row, 2], inputs[row, 3] = np.nan, np.inf
    examples = group_examples(replace(dataset, inputs=inputs), [1, 0], CPU, torch.float32)
    assert examples["train"].inputs[0, 4, 2] == 0
    # What is infinite stays so: it is no missing value.
    assert examples["train"].inputs[0, 4, 3] == torch.inf


def test_only_training_sees_noisy_labels():
    dataset = make_dataset("classification", 3)
    noisy = (dataset.targets[dataset.splits.train] + 1) % 3
    examples = group_examples(replace(dataset, train_targets=noisy), [2, 0], CPU, torch.float32)
    np.testing.assert_array_equal(examples["train"].targets, noisy[[2, 0]])
    for name in ("validation", "test"):
        rows = dataset.splits[name][[2, 0]]
        np.testing.assert_array_equal(examples[name].targets, dataset.targets[rows])
