"""How far results drift where a processor's kernels differ: the same training, other instructions.

Run: PYTHONPATH=src python benchmarks/other_kernels.py [FOLDER] [--points 1 6] [--write]

Each point is trained natively and again with PyTorch and MKL held to their oldest instructions,
which add up in another order, as another machine's would.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from depthgauge.artifacts.raw import prepare_data
from depthgauge.processes import cores
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.training.engine import Job
from depthgauge.training.groups import train_groups
from depthgauge.training.machine import training_device
from depthgauge.training.runs import join
from table import command_line, show

OLDEST = {"ATEN_CPU_CAPABILITY": "default", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2"}


def test_curves(folder: Path, point: int, quick: bool) -> np.ndarray:
    """(R, E) test loss after each epoch."""
    settings = load_settings(folder)
    if quick:
        settings = small(settings)
    dataset = prepare_data(folder, settings).dataset
    job = Job(dataset, settings.recipe_at(point), settings.seed, training_device("cpu"))
    groups = train_groups(job, range(settings.looks[-1]), cores(), lambda *_: None)
    return join(list(groups)).curves["test_loss"]


def elsewhere(folder: Path, point: int, quick: bool) -> np.ndarray:
    """`test_curves` in a process of its own, held to the oldest instructions."""
    command = [sys.executable, __file__, str(folder), "--points", str(point), "--dump"]
    command += ["--quick"] if quick else []
    done = subprocess.run(command, env=os.environ | OLDEST, check=True, stdout=subprocess.PIPE)
    return np.array(json.loads(done.stdout))


def small(settings: Settings) -> Settings:
    """Little enough to ask whether it runs at all."""
    recipe = settings.recipe.with_values({"epochs": 2})
    return settings.model_copy(update={"replicates": 2, "recipe": recipe})


def report(folder: Path, points: Sequence[int], quick: bool) -> Iterator[str]:
    yield "# The same training with other instructions"
    yield ""
    yield "`PYTHONPATH=src python benchmarks/other_kernels.py --write`"
    yield ""
    yield "Relative differences of test loss between this machine's kernels and its oldest ones."
    yield ""
    yield "| point | epoch | mean over replicates | worst replicate |"
    yield "|---|---|---|---|"
    for point in points:
        here, there = test_curves(folder, point, quick), elsewhere(folder, point, quick)
        epochs = here.shape[1]
        for epoch in sorted({1, min(5, epochs), epochs}):
            a, b = here[:, epoch - 1], there[:, epoch - 1]
            mean, worst = abs(b.mean() / a.mean() - 1), np.abs(b / a - 1).max()
            yield f"| {point} | {epoch} | {mean:.1e} | {worst:.1e} |"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = command_line(__doc__, "other-kernels")
    parser.add_argument("folder", type=Path, nargs="?", default=Path())
    parser.add_argument("--points", type=int, nargs="+", default=[1, 6])
    parser.add_argument("--dump", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.dump:
        curves = test_curves(options.folder, options.points[0], options.quick)
        print(json.dumps(curves.tolist()))
        return
    show(report(options.folder, options.points, options.quick), options.write)


if __name__ == "__main__":
    main()
