import io
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depthgauge.artifacts import checkpoints as module
from depthgauge.artifacts.checkpoints import Checkpoints
from depthgauge.statistics.stopping import Stopped
from depthgauge.training.runs import STOPPINGS, Runs, join
from depthgauge.training.state import State


def group(replicates):
    rng = np.random.default_rng(replicates)
    count = len(replicates)
    return Runs(
        np.array(replicates),
        {"train_loss": rng.normal(size=(count, 4)), "test_loss": np.full((count, 4), np.nan)},
        {s: Stopped(rng.integers(0, 4, count), rng.random(count) < 0.5) for s in STOPPINGS},
        {s: {"0.weight": rng.normal(size=(count, 2, 2)).astype(np.float32)} for s in STOPPINGS},
        {s: rng.normal(size=(count, 5)).astype(np.float32) for s in STOPPINGS},
    )


def checkpoints_of(work, letter):
    return Checkpoints(work, "small", "fixed", 1, letter * 64)


def assert_same(one, other):
    np.testing.assert_array_equal(one.replicates, other.replicates)
    assert one.curves.keys() == other.curves.keys()
    for name in one.curves:
        np.testing.assert_array_equal(one.curves[name], other.curves[name], strict=True)
    for stopping in STOPPINGS:
        stops = one.stopped[stopping], other.stopped[stopping]
        np.testing.assert_array_equal(stops[0].epochs, stops[1].epochs, strict=True)
        np.testing.assert_array_equal(stops[0].finite, stops[1].finite, strict=True)
        assert one.weights[stopping].keys() == other.weights[stopping].keys()
        for name, weight in one.weights[stopping].items():
            np.testing.assert_array_equal(weight, other.weights[stopping][name], strict=True)
        np.testing.assert_array_equal(
            one.test_losses[stopping], other.test_losses[stopping], strict=True
        )


def test_reads_back_the_same(tmp_path):
    checkpoints = checkpoints_of(tmp_path, "a")
    assert checkpoints.load() == []
    groups = [group([3, 4, 5]), group([0, 1, 2]), group([10, 11])]
    for each in groups:
        checkpoints.save(each)
    assert_same(join(checkpoints.load()), join(groups))
    checkpoints.remove()
    assert checkpoints.load() == []
    checkpoints.remove()


def state(replicates, epoch=2):
    rng = np.random.default_rng(replicates)
    count = len(replicates)
    return State(
        np.array(replicates),
        np.full(count, epoch),
        rng.normal(size=(count, 8)).astype(np.float32),
        rng.normal(size=(count, 8)).astype(np.float32),
        tuple(rng.normal(size=(count, 8)).astype(np.float32) for _ in range(2)),
        {"train_loss": rng.normal(size=(count, epoch))},
        rng.integers(2**63, size=(count, 3, 6)).astype(np.uint64),
    )


def keep(checkpoints, *states):
    for each in states:
        # The first look is never due: a training as short as that needs no checkpoint.
        for _ in range(2):
            checkpoints.keep(each.replicates.tolist(), lambda each=each: each)


@pytest.fixture
def always_due(monkeypatch):
    monkeypatch.setattr(module, "EVERY_S", 0.0)
    monkeypatch.setattr(module, "COST", np.inf)


def test_reads_back_where_a_group_stood(tmp_path, always_due):
    checkpoints, stood = checkpoints_of(tmp_path, "a"), state([3, 4, 5])
    keep(checkpoints, state([3, 4, 5], epoch=1), stood, state([6, 9]))
    found = checkpoints.begun([6])
    assert [each.epoch for each in found] == [2]
    assert found[0].arrays().keys() == stood.arrays().keys()
    for name, array in stood.arrays().items():
        np.testing.assert_array_equal(found[0].arrays()[name], array, strict=True)
    # A finished group is no longer one that has begun.
    checkpoints.save(group([3, 4, 5]))
    assert [each.replicates.tolist() for each in checkpoints.begun(())] == [[6, 9]]
    assert [each.replicates.tolist() for each in checkpoints.load()] == [[3, 4, 5]]


def test_a_state_is_kept_every_so_many_seconds_and_never_costs_much(tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    asked = []

    def slow():
        asked.append(now[0])
        now[0] += 3.0
        return state([0, 1])

    checkpoints = checkpoints_of(tmp_path, "a")
    for second in range(200):
        now[0] = max(now[0], float(second))
        checkpoints.keep([0, 1], slow)
    # Three seconds are a twentieth of a minute.
    assert asked == [10.0, 73.0, 136.0, 199.0]


def test_a_full_disk_does_not_end_the_training(tmp_path, always_due):
    checkpoints = checkpoints_of(tmp_path, "a")
    (tmp_path / "checkpoints").write_text("no folder")
    keep(checkpoints, state([0, 1]))
    assert checkpoints.begun(()) == []


def test_trainings_are_told_apart_by_their_digest(tmp_path):
    checkpoints_of(tmp_path, "a").save(group([0, 1]))
    assert checkpoints_of(tmp_path, "b").load() == []
    assert len(checkpoints_of(tmp_path, "a").load()) == 1


def test_removes_what_other_settings_left_at_the_same_point_alone(tmp_path):
    others = [
        Checkpoints(tmp_path, *place, "a" * 64)
        for place in (("other", "fixed", 1), ("small", "tuned", 1), ("small", "fixed", 11))
    ]
    for checkpoints in (checkpoints_of(tmp_path, "a"), *others):
        checkpoints.save(group([0, 1]))
    checkpoints_of(tmp_path, "b").remove()
    assert checkpoints_of(tmp_path, "a").load() == []
    assert all(len(checkpoints.load()) == 1 for checkpoints in others)


def test_a_replicate_is_never_taken_twice(tmp_path):
    checkpoints = checkpoints_of(tmp_path, "a")
    checkpoints.save(group([0, 1, 2]))
    checkpoints.save(group([2, 3]))
    assert [g.replicates.tolist() for g in checkpoints.load()] == [[0, 1, 2]]


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
    checkpoints = checkpoints_of(tmp_path, "a")
    checkpoints.save(group([0, 1]))
    checkpoints.save(group([2, 3]))
    path = next(tmp_path.rglob("0-1.npz"))
    path.write_bytes(damage(path.read_bytes()))
    assert [g.replicates.tolist() for g in checkpoints.load()] == [[2, 3]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_whatever_the_damage_it_is_no_traceback(tmp_path, data):
    checkpoints = checkpoints_of(tmp_path, "a")
    checkpoints.save(group([0, 1]))
    path = next(tmp_path.rglob("0-1.npz"))
    good = path.read_bytes()
    place = data.draw(st.integers(0, len(good) - 1))
    other = bytes([good[place] ^ data.draw(st.integers(1, 255))])
    path.write_bytes(good[:place] + other + good[place + 1 :])
    assert len(checkpoints.load()) <= 1
