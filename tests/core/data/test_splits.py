import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.core.data.prepared import SPLIT_NAMES
from depthgauge.core.data.splits import check_classes, random_splits
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
        (counts_of(5, 3, 3), 2, r"^train 5 \+ validation 3 \+ test 3 = 11 rows .* table has 10$"),
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
    with pytest.raises(InputError, match=rf"^replicate {first}: .* 6 training rows .* 'rare'"):
        check_classes(labels[splits.train], ("common", "rare"))
    check_classes(np.zeros((8, 6), dtype=np.int64), ("common",))
