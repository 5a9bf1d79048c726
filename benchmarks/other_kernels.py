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
from pathlib import Path

import numpy as np

from depthgauge.core.training.groups import train_groups
from depthgauge.core.training.trained import join
from depthgauge.settings.load import load_settings
from depthgauge.stages.data import prepare_data
from depthgauge.stages.machine import cores, training_device

OLDEST = {"ATEN_CPU_CAPABILITY": "default", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2"}


def test_curves(folder: Path, point: int) -> np.ndarray:
    """(R, E) test loss after each epoch."""
    settings = load_settings(folder)
    prepared = prepare_data(folder, settings).prepared
    groups = train_groups(
        prepared,
        settings.training_recipe(point),
        list(range(settings.replicates)),
        settings.seed,
        training_device("cpu"),
        cores(),
        lambda *_: None,
    )
    return join(list(groups)).curves["test_loss"]


def elsewhere(folder: Path, point: int) -> np.ndarray:
    """`test_curves` in a process of its own, held to the oldest instructions."""
    command = [sys.executable, __file__, str(folder), "--points", str(point), "--dump"]
    done = subprocess.run(command, env=os.environ | OLDEST, check=True, stdout=subprocess.PIPE)
    return np.array(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path())
    parser.add_argument("--points", type=int, nargs="+", default=[1, 6])
    parser.add_argument("--write", action="store_true", help="also write results/other-kernels.md")
    parser.add_argument("--dump", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.dump:
        curves = test_curves(options.folder, options.points[0])
        print(json.dumps(curves.tolist()))
        return
    lines = [
        "# The same training with other instructions",
        "",
        "`PYTHONPATH=src python benchmarks/other_kernels.py --write`",
        "",
        "Relative differences of test loss between this machine's kernels and its oldest ones.",
        "",
        "| point | epoch | mean over replicates | worst replicate |",
        "|---|---|---|---|",
    ]
    for point in options.points:
        here, there = test_curves(options.folder, point), elsewhere(options.folder, point)
        for epoch in sorted({1, 5, here.shape[1]}):
            a, b = here[:, epoch - 1], there[:, epoch - 1]
            mean, worst = abs(b.mean() / a.mean() - 1), np.abs(b / a - 1).max()
            lines.append(f"| {point} | {epoch} | {mean:.1e} | {worst:.1e} |")
    print("\n".join(lines))
    if options.write:
        path = Path(__file__).parent / "results" / "other-kernels.md"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
