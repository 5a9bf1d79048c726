"""Every replicate is in one group, and no group but the only one has one replicate."""

from hypothesis import given
from hypothesis import strategies as st

from depthgauge.training.groups import LARGEST, SMALLEST, group_size, make_groups
from depthgauge.training.networks.mlp import MLP
from depthgauge.training.optimizers.adam import Adam


@given(count=st.integers(0, 200), size=st.integers(1, 50), workers=st.integers(1, 16))
def test_groups_partition_the_replicates(count, size, workers):
    replicates = list(range(100, 100 + count))
    groups = make_groups(replicates, size, workers)
    assert [r for g in groups for r in g] == replicates
    if count != 1:
        assert all(len(g) >= 2 for g in groups)
        assert all(len(g) <= max(3, size) for g in groups)
    if groups:
        assert max(map(len, groups)) - min(map(len, groups)) <= 1


def test_forty_replicates_on_two_cores_keep_both_busy():
    assert len(make_groups(range(40), 8, 2)) % 2 == 0


def size_of(depth, width):
    network = MLP(depth=depth, width=width, activation="relu", initialisation="kaiming_uniform")
    return group_size(network.layout((64,), 10), Adam(learning_rate=0.1, weight_decay=0.0))


def test_deeper_networks_train_in_smaller_groups():
    sizes = [size_of(depth, 100) for depth in range(9)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == LARGEST
    assert size_of(8, 4096) == SMALLEST
