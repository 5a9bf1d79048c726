"""Run the pipeline's stages on an experiment, in a folder that is gone afterwards."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Self

import numpy as np

from depthgauge.artifacts.dataset import PREPARED
from depthgauge.artifacts.encoder import read_encoder
from depthgauge.artifacts.runs import part_path, read_weights
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.axes.axis import Point
from depthgauge.data.kinds.kind import Encoder
from depthgauge.errors import InputError
from depthgauge.notebook.experiment import Experiment
from depthgauge.progress import Whole
from depthgauge.report.facts import Facts, read_facts
from depthgauge.settings.load import FILE
from depthgauge.settings.params_file import params_text
from depthgauge.settings.schema import SEARCHED, Settings
from depthgauge.stages.evaluate import evaluate
from depthgauge.stages.look import look
from depthgauge.stages.prepare import prepare
from depthgauge.stages.search import ByHand, search
from depthgauge.stages.train import train
from depthgauge.statistics.verdicts import Verdicts

PIPELINE = ByHand(None, None, None, None)
Weights = dict[str, np.ndarray]


@dataclass(frozen=True)
class Ran:
    """What the stages found.

    weights: of the first recipe after its last epoch, at each point, where they can be drawn.
    """

    facts: Facts
    verdicts: Verdicts
    encoder: Encoder
    weights: dict[Point, Weights]


@contextlib.contextmanager
def temporary_folder(experiment: Experiment) -> Iterator[Path]:
    """A folder that holds the experiment, as deep as the paths in its settings need."""
    with tempfile.TemporaryDirectory(prefix="depthgauge-") as name:
        base = Path(name).resolve()
        # What stages keep for themselves stays here, whatever repository is around it.
        (base / ".git").mkdir()
        deep = max((Path(path).parts.count("..") for path in experiment.files), default=0)
        folder = base.joinpath(*["experiment"] * (deep + 1))
        folder.mkdir(parents=True)
        for path, data in experiment.files.items():
            file = Path(os.path.normpath(folder / path))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        text = params_text(experiment.settings, "An experiment of a moment.")
        (folder / FILE).write_text(text, encoding="utf-8")
        yield folder


def run(folder: Path, settings: Settings, shown: bool) -> Ran:
    """All stages, but for that which logs to MLflow. shown: whether progress is.

    Raises InputError as the stages do.
    """
    pairs = list(product(settings.recipes, settings.points))
    epochs = sum(settings.recipe_at(point).epochs for _, point in pairs)
    total = epochs * settings.looks[0]
    with Whole("sweep", total, "replicate-epochs", shown) as progress, _without_main():
        prepare(folder, settings)
        # Beside the training, which for small networks keeps one core busy; and by itself: it
        # forks, which a process in which threads are at work must not.
        with _Command(folder, "baselines") as baselines:
            for name, point in pairs:
                if name in SEARCHED:
                    progress.begin(f"search {settings.axis} {point}")
                    with _Command(folder, "search", f"--recipe={name}", f"--point={point}") as one:
                        one.finish()
                else:
                    search(folder, settings, name, point, PIPELINE)
                train(folder, settings, name, point)
            look(folder, settings)
            progress.begin("baselines")
            baselines.finish()
        progress.begin("evaluate")
        with contextlib.redirect_stdout(io.StringIO()):
            evaluate(folder, settings)
        facts = read_facts(folder, settings)
        return Ran(
            facts,
            read_verdicts(folder, facts.settings),
            read_encoder(folder / PREPARED),
            _weights(folder, facts) if _can_be_drawn(facts) else {},
        )


def _can_be_drawn(facts: Facts) -> bool:
    data = facts.dataset
    return data.inputs.shape[1] == 1 and not data.classes and data.outputs == 1


def _weights(folder: Path, facts: Facts) -> dict[Point, Weights]:
    name, first = facts.settings.recipes[0], range(facts.settings.looks[0])
    return {
        point: read_weights(folder / part_path(name, point, first), "last", 0)
        for point in facts.points
    }


class _Command:
    """A command of the pipeline in a process of its own, ended where it outlasts its block."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._line = [sys.executable, "-m", "depthgauge", "-C", str(folder), *arguments]

    def __enter__(self) -> Self:
        environment = {n: v for n, v in os.environ.items() if n != "OPTUNA_STORAGE"}
        environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)
        self._said = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self._line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            env=environment,
            # A key press is this process's to handle.
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
        self._said.close()

    def finish(self) -> None:
        """Wait for the end. Raises InputError with the line in which the command refuses."""
        code = self._process.wait()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip()
        if code == 2:
            raise InputError(said.rpartition("\n")[2].removeprefix("depthgauge: "))
        if code:
            raise RuntimeError(f"{' '.join(self._line[1:])} ended with {code}: {said}")


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Processes that are spawned need nothing of the script that called, and must not run it."""
    main = sys.modules["__main__"]
    own = vars(main)
    kept: dict[str, Any] = {name: own[name] for name in ("__file__", "__spec__") if name in own}
    own["__spec__"] = None
    own.pop("__file__", None)
    try:
        yield
    finally:
        own |= kept
