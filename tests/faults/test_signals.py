"""Random signals to the whole pipeline, to all its processes or to one, at random moments.

After each one what a person would do: `depthgauge check`, then `dvc repro` again. At the end every
byte, run and trial is that of a pipeline that nobody disturbed. DEPTHGAUGE_SIGNALS says how many
signals to send (`make signals`); they fall on pipelines of SIGNALS_EACH.
"""

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from ruamel.yaml import YAML

from tests.experiment import snapshot
from tests.faults.kept import runs_of, trials
from tests.hostile.counts import count
from tests.repository import Repository, new_repository

SIGNALS_EACH = 8
ASKED = int(os.environ.get("DEPTHGAUGE_SIGNALS", SIGNALS_EACH))
SEED = int(os.environ.get("DEPTHGAUGE_SIGNALS_SEED", "0"))
NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
# Until what was told to end has ended.
PATIENCE_S = 60
REPRO = (sys.executable, "-m", "dvc", "repro")
PARTS = ("code", "data", "results")


@pytest.fixture(scope="module")
def committed(tmp_path_factory):
    """A repository of a small experiment, in which nothing has run."""
    place = tmp_path_factory.mktemp("signals")
    repository = new_repository(place / "work")
    repository.set("points", [0]).tune(trials=2)
    shutil.copy(Path(__file__).parents[2] / ".dvcignore", repository.folder)
    repository.commit()
    shutil.copytree(repository.folder, place / "begin", symlinks=True)
    return repository


def kept(repository):
    """What the pipeline made: its files, dvc.lock and what the stores hold."""
    folder = repository.folder
    files = {name: d for name, d in snapshot(folder).items() if name.split("/")[0] in PARTS}
    lock = YAML(typ="safe").load((folder / "dvc.lock").read_text())
    return files, lock, trials(folder), runs_of(folder)


@pytest.fixture(scope="module")
def undisturbed(committed):
    committed.dvc("repro")
    return kept(committed)


def begin_again(repository):
    """As a fresh clone, without a cache, where it was: MLflow's store knows its place."""
    shutil.rmtree(repository.folder)
    shutil.copytree(repository.folder.with_name("begin"), repository.folder, symlinks=True)
    return Repository(repository.folder, repository.content)


def disturb(repository, chance, counted):
    """Start the pipeline and send it one signal. Whether it was still at work then."""
    process = repository.start(*REPRO)
    # Most of all in the first stages, of which there are many; some runs come far.
    until = time.monotonic() + chance.expovariate(1 / 10)
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    if process.poll() is not None:
        output = process.communicate()[0]
        assert process.returncode == 0, output
        return False
    top = psutil.Process(process.pid)
    every = [top, *top.children(recursive=True)]
    number, everyone = chance.choice(NUMBERS), chance.random() < 0.5
    counted[f"{number.name} to {'all' if everyone else 'one'}"] += 1
    counted["signals"] += 1
    if everyone:
        os.killpg(process.pid, number)
    else:
        one = chance.choice(every)
        with_dvc = one == top
        try:
            one.send_signal(number)
        except psutil.NoSuchProcess:
            return True
        if number == signal.SIGINT and with_dvc:
            # DVC waits for its stage, which a hand's Ctrl-C would have ended as well.
            os.killpg(process.pid, number)
    output = process.communicate(timeout=600)[0]
    check_output(output, counted)
    _, alive = psutil.wait_procs(every, timeout=PATIENCE_S)
    counted["lived on"] += len(alive)
    assert not alive, (number, everyone, [each.cmdline() for each in alive], output)
    return True


def check_output(output, counted):
    """No traceback of ours; DVC's own are counted."""
    for part in output.split("Traceback (most recent call last)")[1:]:
        ours = "/depthgauge/" in part
        counted["tracebacks" if ours else "tracebacks of others"] += 1
        assert not ours, output


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(-(-ASKED // SIGNALS_EACH)))
def test_it_comes_to_the_same(committed, undisturbed, turn):
    chance, counted = random.Random(f"{SEED} {turn}"), Counter()
    repository = begin_again(committed)
    while counted["signals"] < SIGNALS_EACH and disturb(repository, chance, counted):
        output = repository.call("depthgauge", "check")
        counted["torn files mended"] += output.count("was torn")
    repository.call("depthgauge", "check")
    repository.dvc("repro")
    files, lock, found, runs = kept(repository)
    same = (files, lock, found, runs) == undisturbed
    counted["equal" if same else "lost"] += counted["signals"]
    count("signals to the pipeline", **{k.replace(" ", "_"): n for k, n in counted.items() if n})
    assert files == undisturbed[0]
    assert lock == undisturbed[1]
    assert (found, runs) == undisturbed[2:]
    assert not list(repository.folder.glob("[!.]*/**/*.partial"))
