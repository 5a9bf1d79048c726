"""Result files that are damaged: one line and exit code 2, or all is as it was."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.notebook import results
from tests.experiment import Experiment, new_experiment, snapshot
from tests.hostile.counts import count, inputs
from tests.hostile.damage import TELLERS, damaged, mend_digests

NOTEBOOK = ("answer", "curves", "trials")
COMMANDS = ("report", "evaluate", "track", "register", *NOTEBOOK)


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, place_store: Callable[[Path], None]
) -> Experiment:
    """An experiment with two recipes of which every stage has run."""
    folder = tmp_path_factory.mktemp("hostile") / "whole"
    experiment = new_experiment(folder, "images").set("points", [0, 1])
    experiment.tune(trials=3, startup_trials=2)
    (folder / ".git").mkdir()
    place_store(folder)
    experiment.repro("prepare", "baselines", "recipe", "search", "train")
    for point in (0, 1):
        train = ("train", "--depth", str(point), "--recipe", "tuned")
        assert experiment.run(*train) == 0
    experiment.repro("look", "evaluate", "report")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        assert experiment.run("track") == 0
    return experiment


@pytest.fixture(scope="module")
def copy(whole: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    folder = tmp_path_factory.mktemp("damaged") / "copy"
    shutil.copytree(whole.folder, folder)
    return Experiment(folder, whole.content)


def kept(folder: Path) -> list[str]:
    """What stages read of each other, from the experiment's folder."""
    places = [folder / "results", folder / "data/prepared"]
    paths = [path for place in places for path in sorted(place.rglob("*")) if path.is_file()]
    return [p.relative_to(folder).as_posix() for p in paths if p.suffix not in (".svg", ".html")]


def restore(copy: Experiment, whole: Experiment) -> None:
    """The results and the data, not the store, which changes as it would."""
    for name in ("results", "data"):
        shutil.rmtree(copy.folder / name)
        shutil.copytree(whole.folder / name, copy.folder / name, copy_function=os.link)


def results_of(folder: Path) -> dict[str, str]:
    """Every file but the store, the journals and the locks."""
    found = snapshot(folder)
    return {name: digest for name, digest in found.items() if not name.startswith(".depthgauge")}


def complaint(experiment: Experiment, command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says that fails as bad input does; "" where it ends well."""
    capsys.readouterr()
    if command in NOTEBOOK:
        try:
            getattr(results, command)(experiment.folder)
        except InputError as error:
            return f"depthgauge: {error}\n"
        return ""
    code = experiment.run(command)
    error = capsys.readouterr().err
    if code == 0:
        return ""
    assert code == 2
    # `track` and `register` say what they log until they meet what cannot be read.
    told = [line for line in error.splitlines(keepends=True) if not line.startswith("logged ")]
    return "".join(told)


def test_many_ways(whole: Experiment, copy: Experiment, capsys: pytest.CaptureFixture[str]) -> None:
    tried: dict[str, int] = {"inputs": 0, "refused": 0, "tracebacks": 0}
    names = kept(whole.folder)

    @settings(
        max_examples=inputs(), deadline=None, database=None, suppress_health_check=[*HealthCheck]
    )
    @given(st.data())
    def try_one(data: Any) -> None:
        restore(copy, whole)
        name = data.draw(st.sampled_from(names), "file")
        command = data.draw(st.sampled_from(COMMANDS), "command")
        path = copy.folder / name
        broken = data.draw(damaged(path.read_bytes(), name), "contents")
        # What is there is shared with the whole one.
        path.unlink()
        if broken is not None:
            path.write_bytes(broken)
        if data.draw(st.booleans(), "digests mended"):
            unshare(path)
            mend_digests(path)
        before = results_of(copy.folder)
        tried["inputs"] += 1
        tried["tracebacks"] += 1
        error = complaint(copy, command, capsys)
        tried["tracebacks"] -= 1
        if error:
            tried["refused"] += 1
            assert error.startswith("depthgauge: ")
            assert error.count("\n") == 1
            assert error[:-1].isprintable()
            assert results_of(copy.folder) == before

    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("MLFLOW_TRACKING_URI", raising=False)
            try_one()
    finally:
        count("damaged results", **tried)
    # Not all are refused: some bytes are of no matter to a command.
    assert tried["refused"] > tried["inputs"] / 20


def unshare(path: Path) -> None:
    for teller in map(path.with_name, TELLERS):
        if teller.is_file():
            data = teller.read_bytes()
            teller.unlink()
            teller.write_bytes(data)
