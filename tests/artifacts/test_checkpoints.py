import io
import zipfile

import numpy as np
import pytest

from depthgauge.artifacts.checkpoints import Partial
from depthgauge.training.runs import STOPPINGS, Trained, join


def group(replicates):
    rng = np.random.default_rng(replicates)
    count = len(replicates)
    return Trained(
        np.array(replicates),
        {"train_loss": rng.normal(size=(count, 4)), "test_loss": np.full((count, 4), np.nan)},
        {s: {"0.weight": rng.normal(size=(count, 2, 2)).astype(np.float32)} for s in STOPPINGS},
        {s: rng.normal(size=(count, 5)).astype(np.float32) for s in STOPPINGS},
        {s: {"test_r2": rng.normal(size=count)} for s in STOPPINGS},
    )


def partial_of(work, letter):
    return Partial(work, "small", "fixed", 1, letter * 64)


def assert_same(one, other):
    np.testing.assert_array_equal(one.replicates, other.replicates)
    assert one.curves.keys() == other.curves.keys()
    for name in one.curves:
        np.testing.assert_array_equal(one.curves[name], other.curves[name], strict=True)
    for stopping in STOPPINGS:
        assert one.metrics[stopping].keys() == other.metrics[stopping].keys()
        for name, values in one.metrics[stopping].items():
            np.testing.assert_array_equal(values, other.metrics[stopping][name], strict=True)
        assert one.weights[stopping].keys() == other.weights[stopping].keys()
        for name, weight in one.weights[stopping].items():
            np.testing.assert_array_equal(weight, other.weights[stopping][name], strict=True)
        np.testing.assert_array_equal(
            one.test_losses[stopping], other.test_losses[stopping], strict=True
        )


def test_reads_back_the_same(tmp_path):
    partial = partial_of(tmp_path, "a")
    assert partial.load() == []
    groups = [group([3, 4, 5]), group([0, 1, 2]), group([10, 11])]
    for each in groups:
        partial.save(each)
    assert_same(join(partial.load()), join(groups))
    partial.remove()
    assert partial.load() == []
    partial.remove()


def test_trainings_are_told_apart_by_their_digest(tmp_path):
    partial_of(tmp_path, "a").save(group([0, 1]))
    assert partial_of(tmp_path, "b").load() == []
    assert len(partial_of(tmp_path, "a").load()) == 1


def test_removes_what_other_settings_left_at_the_same_point_alone(tmp_path):
    others = [
        Partial(tmp_path, *place, "a" * 64)
        for place in (("other", "fixed", 1), ("small", "tuned", 1), ("small", "fixed", 11))
    ]
    for partial in (partial_of(tmp_path, "a"), *others):
        partial.save(group([0, 1]))
    partial_of(tmp_path, "b").remove()
    assert partial_of(tmp_path, "a").load() == []
    assert all(len(partial.load()) == 1 for partial in others)


def test_a_replicate_is_never_taken_twice(tmp_path):
    partial = partial_of(tmp_path, "a")
    partial.save(group([0, 1, 2]))
    partial.save(group([2, 3]))
    assert [g.replicates.tolist() for g in partial.load()] == [[0, 1, 2]]


def other_arrays(data):
    buffer = io.BytesIO()
    np.savez(buffer, something=np.zeros(3))
    return buffer.getvalue()


def pickled(data):
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=True, replicates=np.array([{}], dtype=object))
    return buffer.getvalue()


def empty_zip(data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w"):
        pass
    return buffer.getvalue()


def spoiled(data):
    place = data.index(b"NUMPY") + 130
    return data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"no archive",
        spoiled,
        other_arrays,
        pickled,
        empty_zip,
    ],
)
def test_a_damaged_group_is_trained_again(tmp_path, damage):
    partial = partial_of(tmp_path, "a")
    partial.save(group([0, 1]))
    partial.save(group([2, 3]))
    path = next(tmp_path.rglob("0-1.npz"))
    path.write_bytes(damage(path.read_bytes()))
    assert [g.replicates.tolist() for g in partial.load()] == [[2, 3]]
