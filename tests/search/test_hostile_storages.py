"""Storages that are damaged in any way: one line and exit code 2, or read; never a traceback."""

import json
import os
import random
import shutil
import sqlite3
import tracemalloc

import optuna
import pytest
import torch

from depthgauge.data.dataset import without_test
from depthgauge.errors import InputError
from depthgauge.search.outcome import outcome
from depthgauge.search.run import Goal, run_trials
from depthgauge.search.storage import kept_storage, make_storage, open_storage, readable
from depthgauge.search.study import finished_trials, open_study
from tests.hostile.counts import count, inputs

CPU = torch.device("cpu")
URLS = {"journal": "{}", "sqlite": "sqlite:///{}"}


def search(url, plan, dataset, total):
    """As a process of `depthgauge search` does (search/tune.py), without its progress."""
    make_storage(url)
    storage = open_storage(url)
    try:
        with kept_storage(url):
            with readable(url):
                study = open_study(storage, "small", plan)
                finished_trials(study)
            seen = without_test(dataset, plan.replicates)
            trials = run_trials(study, plan, seen, Goal(total), CPU, 1, lambda finished: None)
        return outcome(plan, trials)
    finally:
        if hasattr(storage, "engine"):
            storage.scoped_session.remove()
            storage.engine.dispose()


@pytest.fixture(scope="module", params=URLS)
def whole(request, small, tmp_path_factory):
    """The kind and the file of a storage with a study of four trials."""
    from depthgauge.search.plan import make_plan

    dataset, settings, meta = small["images"]
    path = tmp_path_factory.mktemp("whole") / "storage"
    plan = make_plan(settings, "tuned", 1, 0, meta)
    search(URLS[request.param].format(path), plan, dataset, 4)
    return request.param, path, plan, dataset


def flipped(rng, content):
    damaged = bytearray(content)
    for _ in range(rng.choice([1, 1, 3, 30])):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


def cut(rng, content):
    return content[: rng.randrange(len(content))]


def overwritten(rng, content):
    """A block of zeros or of noise, as a disk leaves it."""
    start, length = rng.randrange(len(content)), rng.choice([16, 512, 4096])
    block = rng.choice([bytes(length), rng.randbytes(length)])
    return content[:start] + block + content[start + length :]


def repeated(rng, content):
    """A part once more, as a copy that was resumed at the wrong place."""
    first, second = sorted(rng.randrange(len(content)) for _ in range(2))
    return content[:second] + content[first:]


VALUES = [None, -1, 0, 10**30, 1e308, "", "x", [], {}, [[]], True, "NaN", "\x1b[2J", "a" * 10000]


def other_value(rng, content):
    """A line of a journal whose JSON has another value somewhere, or lacks it."""
    lines = content.splitlines(keepends=True)
    place = rng.randrange(len(lines))
    try:
        line = json.loads(lines[place])
    except ValueError:
        return flipped(rng, content)
    holder = line
    while True:
        key = rng.choice(list(holder))
        if isinstance(holder[key], dict) and holder[key] and rng.random() < 0.7:
            holder = holder[key]
            continue
        break
    if rng.random() < 0.2:
        del holder[key]
    else:
        holder[key] = rng.choice(VALUES)
    lines[place] = json.dumps(line).encode() + b"\n"
    return b"".join(lines)


def other_cell(rng, path):
    """A cell of a table has another value, or a row or a table is gone."""
    with sqlite3.connect(path) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        table = rng.choice(names)
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        where = "rowid = (SELECT rowid FROM " + table + " LIMIT 1 OFFSET " + f"{rng.randrange(4)})"
        what = rng.random()
        try:
            if what < 0.05:
                connection.execute(f"DROP TABLE {table}")
            elif what < 0.2:
                connection.execute(f"DELETE FROM {table} WHERE {where}")
            else:
                value = rng.choice(VALUES)
                if isinstance(value, list | dict):
                    value = json.dumps(value)
                if isinstance(value, int) and abs(value) > 2**62:
                    value = 2**62
                column = rng.choice(columns)
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value,))
        except sqlite3.IntegrityError:
            pass
    connection.close()


BYTES = [flipped, cut, overwritten, repeated]


def damage(kind, rng, path):
    own = {"journal": other_value, "sqlite": other_cell}[kind]
    how = rng.choice([*BYTES, own, own, own])
    if how is other_cell:
        other_cell(rng, path)
    else:
        path.write_bytes(how(rng, path.read_bytes()))
    return how.__name__


def test_damaged_storages(whole, tmp_path):
    """Read and gone on with, or refused in one line; what is said to be unchanged is."""
    kind, path, plan, dataset = whole
    read = refused = 0
    for seed in range(inputs()):
        rng, place = random.Random(seed), tmp_path / f"{seed}"
        shutil.copy(path, place)
        what = (kind, seed, damage(kind, rng, place))
        before, message = place.read_bytes(), ""
        try:
            assert len(search(URLS[kind].format(place), plan, dataset, 4).trials) == 4
            read += 1
        except InputError as error:
            message = str(error)
            refused += 1
        except Exception as error:
            raise AssertionError(what) from error
        assert message == "" or (message.isprintable() and len(message) < 1000), what
        if "nothing in it was changed" in message:
            assert place.read_bytes() == before, (what, message)
        place.unlink()
    count(f"damaged storages, {kind}", inputs=read + refused, refused=refused)
    # A damage that is seen nowhere shows that nothing is looked at.
    assert refused


@pytest.mark.parametrize("url", URLS.values())
def test_what_is_no_file(tmp_path, url):
    """Of /dev/zero there is no end, and a pipe waits for who writes to it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in ("/dev/zero", "/dev/null", pipe):
        with pytest.raises(InputError, match="is a device or a pipe; name a file or a database"):
            open_storage(url.format(place))
    with pytest.raises(InputError, match="is a folder; name a file or a database URL"):
        open_storage(url.format(tmp_path))


def test_a_journal_with_a_line_without_end(tmp_path):
    """Of 10 GB, of which the disk holds none."""
    path = tmp_path / "journal.log"
    make_storage(str(path))
    optuna.create_study(storage=open_storage(str(path)), study_name="one")
    os.truncate(path, 10 * 2**30)
    tracemalloc.start()
    with pytest.raises(InputError, match="a line of it has more than 16777216 bytes; nothing in"):
        open_storage(str(path))
    assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    tracemalloc.stop()
    assert path.stat().st_size == 10 * 2**30


def test_a_huge_file_of_something_else(tmp_path):
    path = tmp_path / "huge"
    path.touch()
    os.truncate(path, 10 * 2**30)
    with pytest.raises(InputError, match="it is no journal of Optuna"):
        open_storage(str(path))
    with pytest.raises(InputError, match="cannot be used as an Optuna storage"):
        open_storage(f"sqlite:///{path}")
