"""Every replicate is in one group, and no group but the only one has one replicate; groups train
in threads or in processes, to the same bytes."""

import multiprocessing
import pickle
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.errors import InputError
from depthgauge.training import groups
from depthgauge.training.engine import Job, train_group
from depthgauge.training.groups import (
    LARGEST,
    SMALLEST,
    group_size,
    make_groups,
    train_groups,
    useful_workers,
)
from depthgauge.training.networks.mlp import MLP
from depthgauge.training.networks.own import Own
from depthgauge.training.optimizers.adam import Adam
from depthgauge.training.runs import join
from tests.own_networks import write_networks
from tests.training.conftest import make_dataset, make_recipe


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


@pytest.fixture
def job(tmp_path, monkeypatch):
    """A training of a network of one's own, long enough for processes however short it is."""
    monkeypatch.setattr(groups, "PROCESS_STEPS", 0)
    write_networks(tmp_path)

    def make(name, replicates=5, **values):
        network = Own(class_path=f"networks.py:{name}", depth=1, width=4)
        network.locate(tmp_path)
        recipe = make_recipe(network=network.model_dump(), loss="mse", **({"epochs": 2} | values))
        return Job(make_dataset("regression", replicates), recipe, 5, torch.device("cpu"))

    return make


def collect(job, cores, replicates=range(5)):
    """The runs, and what was told of each epoch."""
    told = []
    runs = join(list(train_groups(job, replicates, cores, lambda *what: told.append(what))))
    return runs, told


def test_processes_give_the_same_bytes_and_tell_every_epoch(job):
    asks = job("Asks")
    assert asks.one_by_one
    assert useful_workers(asks, 1000, 8) == 1
    before = multiprocessing.active_children()
    runs, told = collect(asks, 2)
    assert multiprocessing.active_children() == before
    alone = join([train_group(asks, [r], lambda *_: None) for r in range(5)])
    here, told_here = collect(asks, 1)
    for name, values in runs.arrays().items():
        np.testing.assert_array_equal(values, here.arrays()[name])
        np.testing.assert_array_equal(values, alone.arrays()[name])
    for what in (told, told_here):
        assert sum(size for _, size, epoch, _ in what if epoch == 2) == 5
        assert all(set(losses) == {f"{split}_loss" for split in SPLIT_NAMES} for *_, losses in what)
    # Groups of two and of three, each told of epoch after epoch.
    sizes = {group: size for group, size, *_ in told}
    assert sorted(sizes.values()) == [2, 3]
    for group in sizes:
        assert [epoch for g, _, epoch, _ in told if g == group] == [1, 2]


def test_what_goes_at_once_or_is_short_starts_no_process(job, monkeypatch):
    monkeypatch.setattr(groups, "finished_tasks", None)
    collect(job("Good"), 4)
    monkeypatch.setattr(groups, "PROCESS_STEPS", 5 * 2 * 5 + 1)
    collect(job("Asks"), 4)
    # Of fewer than four replicates there is one group.
    monkeypatch.setattr(groups, "PROCESS_STEPS", 0)
    collect(job("Asks", 3), 4, range(3))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Raises", "networks.py:Raises: raises ValueError: seven steps are enough, given"),
        ("Dies", "train: a process of it was killed; what was kept is not lost: run the same"),
    ],
)
def test_an_error_in_a_process_ends_all_in_one_line(job, name, said):
    before = multiprocessing.active_children()
    with pytest.raises(InputError) as caught:
        collect(job(name), 2)
    assert str(caught.value).startswith(said)
    assert multiprocessing.active_children() == before


def test_closing_early_ends_every_process(job):
    before = multiprocessing.active_children()
    endless = job("Asks", 12, epochs=100)
    finished = train_groups(endless, range(12), 2, lambda *_: None)
    with closing(finished):
        assert len(next(finished).replicates) >= 2
        assert len(multiprocessing.active_children()) == len(before) + 2
    assert multiprocessing.active_children() == before


@pytest.mark.parametrize("cores", [1, 2])
def test_a_file_that_changes_meanwhile_is_told(job, tmp_path, monkeypatch, cores):
    monkeypatch.setattr(groups, "LARGEST", 4)
    path, asks = tmp_path / "beside.py", job("Asks", 12, epochs=20)
    finished = train_groups(asks, range(12), cores, lambda *_: None)
    with closing(finished):
        next(finished)
        path.write_text(path.read_text() + "\nMORE = 1\n")
        with pytest.raises(InputError, match=r"^beside\.py: was changed while it was trained; run"):
            list(finished)


def test_the_place_of_its_file_goes_with_a_network(job, tmp_path):
    program = "import pickle, sys; n = pickle.load(sys.stdin.buffer); print(sorted(n.sources()))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(job("Asks").recipe.network),
        capture_output=True,
        cwd=tmp_path.parent,
        check=True,
        timeout=60,
    )
    assert done.stdout.decode() == "['beside.py', 'networks.py']\n"
