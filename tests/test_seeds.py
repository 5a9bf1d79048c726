"""Streams are told apart by all that names them."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.seeds import Purpose, generator

names = st.tuples(
    st.integers(0, 2**63 - 1), st.sampled_from(Purpose), st.lists(st.integers(0, 50), max_size=3)
)


@given(st.lists(names, min_size=2, max_size=4, unique_by=str))
def test_different_names_give_different_streams(named):
    draws = [generator(s, p, *k).integers(0, 2**63, 4) for s, p, k in named]
    assert all(not np.array_equal(a, b) for a, b in combinations(draws, 2))


def test_a_missing_key_is_not_a_zero():
    draws = [generator(0, Purpose.SPLIT, *k).random() for k in ((), (0,), (0, 0))]
    assert len(set(draws)) == 3


def test_the_same_name_gives_the_same_stream():
    a, b = (generator(7, Purpose.BATCH_ORDER, 3).permutation(50) for _ in range(2))
    np.testing.assert_array_equal(a, b)
