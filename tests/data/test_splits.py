from contextlib import suppress

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.data.splits import (
    check_classes,
    group_splits,
    ordered_splits,
    random_splits,
    stratified_splits,
    unseen_group_splits,
)
from depthgauge.errors import InputError

sizes = st.integers(1, 12)


def counts_of(train, validation, test):
    return {"train": train, "validation": validation, "test": test}


@given(sizes, sizes, sizes, st.integers(0, 20), st.integers(0, 2**40), st.integers(1, 6))
def test_rows_are_disjoint_ascending_and_as_many_as_asked(
    train, validation, test, rest, seed, reps
):
    n = train + validation + test + rest
    counts = counts_of(train, validation, test)
    splits = random_splits(n, counts, seed, reps)
    for replicate in range(reps):
        drawn = [splits[name][replicate] for name in SPLIT_NAMES]
        assert [len(rows) for rows in drawn] == [train, validation, test]
        assert all(np.all(np.diff(rows) > 0) for rows in drawn)
        joined = np.concatenate(drawn)
        assert len(set(joined.tolist())) == len(joined)
        assert joined.min() >= 0
        assert joined.max() < n
        assert joined.dtype == np.int64


@given(st.integers(0, 1000), st.integers(1, 8), st.integers(1, 8))
def test_a_replicate_does_not_depend_on_how_many_there_are(seed, few, many):
    few, many = sorted((few, many))
    one = random_splits(30, counts_of(10, 5, 6), seed, few)
    other = random_splits(30, counts_of(10, 5, 6), seed, many)
    for name in SPLIT_NAMES:
        np.testing.assert_array_equal(one[name], other[name][:few])


def test_more_training_rows_move_nothing_else():
    small = random_splits(50, counts_of(10, 8, 9), 3, 4)
    large = random_splits(50, counts_of(20, 8, 9), 3, 4)
    np.testing.assert_array_equal(small.test, large.test)
    np.testing.assert_array_equal(small.validation, large.validation)
    for few, many in zip(small.train, large.train, strict=True):
        assert set(few.tolist()) < set(many.tolist())


def test_replicates_and_seeds_differ():
    splits = random_splits(200, counts_of(50, 50, 50), 0, 5)
    assert len({rows.tobytes() for rows in splits.train}) == 5
    other = random_splits(200, counts_of(50, 50, 50), 1, 5)
    assert not np.any(
        [np.array_equal(a, b) for a, b in zip(splits.train, other.train, strict=True)]
    )


def test_every_row_is_as_likely_as_any_other():
    tests = random_splits(10, counts_of(2, 3, 5), 0, 2000).test
    # A binomial count of 2000 draws at 1/2 has deviation 22; five deviations never fail by chance.
    assert np.all(np.abs(np.bincount(tests.ravel(), minlength=10) - 1000) < 5 * np.sqrt(500))


@pytest.mark.parametrize(
    ("counts", "replicates", "message"),
    [
        (
            counts_of(5, 3, 3),
            2,
            r"^train 5 \+ validation 3 \+ test 3 = 11 examples .* there are 10$",
        ),
        (counts_of(0, 3, 3), 2, "^train: 0 is too few"),
        (counts_of(3, -1, 3), 2, "^validation: -1 is too few"),
        (counts_of(3, 3, 0), 2, "^test: 0 is too few"),
        (counts_of(3, 3, 3), 0, "^replicates: 0 is too few"),
    ],
)
def test_errors(counts, replicates, message):
    with pytest.raises(InputError, match=message):
        random_splits(10, counts, 0, replicates)


def test_an_absent_class_is_named_with_its_replicate():
    splits = random_splits(10, counts_of(6, 1, 3), 0, 8)
    labels = np.zeros(10, dtype=np.int64)
    labels[splits.train[0][0]] = 1
    first = next(r for r, rows in enumerate(splits.train) if not labels[rows].any())
    assert first > 0
    with pytest.raises(InputError, match=rf"^replicate {first}: .* 6 training examples .* 'rare'"):
        check_classes(labels[splits.train], ("common", "rare"))
    check_classes(np.zeros((8, 6), dtype=np.int64), ("common",))


def labels_of(*sizes):
    return np.random.default_rng(3).permutation(np.repeat(np.arange(len(sizes)), sizes))


NAMES = ("common", "less", "rare")


@given(st.integers(20, 90), st.integers(20, 60), st.integers(20, 40), st.integers(0, 3))
def test_stratified_splits_hold_the_classes_in_proportion(train, validation, test, seed):
    labels = labels_of(120, 60, 12)
    counts = counts_of(train, validation, test)
    # Of the rarest class, 12 of 192 rows, one stands in any 20 neighbours.
    splits = stratified_splits(labels, NAMES, counts, seed, 3)
    shares = np.bincount(labels) / labels.size
    for name, count in counts.items():
        for rows in splits[name]:
            assert rows.size == np.unique(rows).size == count
            # Two beginnings of one apportionment, each within 1 of its share or little more.
            assert np.abs(np.bincount(labels[rows], minlength=3) - shares * count).max() < 2.5
    for rows in zip(splits.train, splits.validation, splits.test, strict=True):
        assert np.unique(np.concatenate(rows)).size == train + validation + test


@pytest.mark.parametrize(
    "draw",
    [
        lambda counts, replicates: stratified_splits(
            labels_of(60, 50, 40), NAMES, counts, 4, replicates
        ),
        lambda counts, replicates: group_splits(np.arange(150) // 5, counts, 4, replicates),
        lambda counts, replicates: ordered_splits(np.arange(150)[::-1], counts),
    ],
    ids=["stratified", "group", "time"],
)
def test_a_training_count_moves_no_other_row(draw):
    small, large = draw(counts_of(30, 30, 40), 3), draw(counts_of(60, 30, 40), 5)
    for name in ("validation", "test"):
        np.testing.assert_array_equal(small[name], large[name][: len(small[name])])
    for less, more in zip(small.train, large.train, strict=False):
        assert set(less) < set(more)
    assert (np.diff(large.train, axis=1) > 0).all()


def test_a_class_too_rare_for_every_split():
    with pytest.raises(
        InputError, match="class 'rare': its 2 examples are too few for every split"
    ):
        stratified_splits(labels_of(60, 50, 2), NAMES, counts_of(50, 30, 30), 0, 2)


def test_stratified_splits_differ_between_replicates():
    splits = stratified_splits(labels_of(60, 50, 40), NAMES, counts_of(50, 30, 40), 0, 2)
    assert set(splits.test[0]) != set(splits.test[1])


def test_time_splits_are_in_the_order_of_the_column():
    order = np.random.default_rng(0).permutation(100).astype(float)
    splits = ordered_splits(order, counts_of(50, 20, 10))
    when = {name: order[splits[name][0]] for name in SPLIT_NAMES}
    assert sorted(when["test"]) == list(range(90, 100))
    assert sorted(when["validation"]) == list(range(70, 90))
    assert sorted(when["train"]) == list(range(20, 70))
    assert not splits.resampled


def test_rows_of_one_time_are_not_parted():
    order = np.repeat(np.arange(10), 10)
    with pytest.raises(InputError, match=r"^split.test: 15 .* between test and validation; use 10"):
        ordered_splits(order, counts_of(50, 20, 15))
    with pytest.raises(InputError, match=r"^split.validation: 25 .* and train; use 20 or 30$"):
        ordered_splits(order, counts_of(50, 25, 10))
    splits = ordered_splits(order, counts_of(50, 20, 10))
    assert [len(set(order[splits[n][0]])) for n in ("validation", "test")] == [2, 1]


@given(st.lists(st.integers(1, 12), min_size=6, max_size=30), st.integers(0, 5))
def test_groups_stay_whole(group_sizes, seed):
    groups = np.repeat(np.arange(len(group_sizes)), group_sizes)
    n = len(groups)
    counts = counts_of(max(1, n // 2), max(1, n // 6), max(1, n // 6))
    # Test and validation overshoot by less than the greatest group each.
    assume(counts["test"] + counts["validation"] + 2 * max(group_sizes) < n)
    splits = group_splits(groups, counts, seed, 4)
    for replicate in range(4):
        members = [set(groups[splits[name][replicate]]) for name in SPLIT_NAMES]
        assert not members[0] & members[1]
        assert not members[0] & members[2]
        assert not members[1] & members[2]
    assert splits.test.shape == (4, counts["test"])
    assert splits.validation.shape == (4, counts["validation"])
    assert 1 <= splits.train.shape[1] <= counts["train"]


def test_too_few_groups():
    with pytest.raises(InputError, match=r"the 2 groups .* run out"):
        group_splits(np.repeat([0, 1], 20), counts_of(10, 10, 10), 0, 1)


@given(st.lists(st.integers(1, 12), min_size=8, max_size=30), st.integers(0, 5))
def test_unseen_groups_are_fewer_and_training_rows_are_not(group_sizes, seed):
    groups = np.repeat(np.arange(len(group_sizes)), group_sizes)
    n = len(groups)
    counts = counts_of(max(1, n // 4), max(1, n // 4), max(1, n // 2))
    with suppress(InputError):
        splits = unseen_group_splits(groups, counts, seed, 4)
        check_unseen(splits, groups, counts)


def check_unseen(splits, groups, counts):
    assert splits.train.shape == (4, counts["train"])
    for name in ("validation", "test"):
        assert counts[name] // 4 <= splits.sizes[name] <= counts[name]
    for replicate in range(4):
        members = [set(groups[splits[name][replicate]]) for name in SPLIT_NAMES]
        assert sum(map(len, members)) == len(set.union(*members))


def test_groups_that_leave_enough_to_train_on_give_the_split_that_was_asked_for():
    groups, counts = np.arange(300) // 5, counts_of(100, 40, 60)
    asked, unseen = (split(groups, counts, 3, 2) for split in (group_splits, unseen_group_splits))
    for name in SPLIT_NAMES:
        np.testing.assert_array_equal(unseen[name], asked[name])


def test_too_few_groups_to_test_on_unseen_ones():
    with pytest.raises(InputError, match="the 3 groups leave no 25 examples to train on"):
        unseen_group_splits(np.repeat([0, 1, 2], 20), counts_of(25, 10, 10), 0, 2)
