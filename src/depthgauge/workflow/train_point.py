"""Train replicates of one point, with progress, and write what came out."""

from contextlib import closing
from pathlib import Path

import numpy as np

from depthgauge.artifacts.checkpoints import Checkpoints
from depthgauge.artifacts.inputs import point_data, present_recipes
from depthgauge.artifacts.provenance import provenance
from depthgauge.artifacts.runs import part_path, write_runs
from depthgauge.axes.axis import Point
from depthgauge.files.digests import json_digest
from depthgauge.files.work import work_folder
from depthgauge.processes import cores
from depthgauge.progress import Progress, say
from depthgauge.settings.schema import Settings
from depthgauge.tracking.live import LiveView
from depthgauge.training.engine import Job
from depthgauge.training.groups import train_groups
from depthgauge.training.machine import require_training_memory, training_device
from depthgauge.training.runs import Runs, join


def train_point(
    folder: Path, settings: Settings, name: str, point: Point, replicates: range
) -> None:
    """Train these replicates of the recipe `name` at a point and write what came out.

    It goes on from what an interrupted run has kept: finished groups, and epochs of others.
    """
    dataset, meta = point_data(folder, settings, name, point)
    recipes = present_recipes(folder, settings, name, point)
    made_from = provenance(settings, name, point, recipes, meta, replicates)
    device = training_device(settings.training.device)
    where, epochs = settings.swept.point_name(point), recipes[0].epochs
    for recipe in recipes:
        require_training_memory(dataset, recipe, len(replicates), where)
    shares = [settings.share(name, study, replicates) for study in range(len(recipes))]
    work, digest = work_folder(folder), json_digest(made_from)
    checkpoints = Checkpoints(work, settings.experiment, name, point, digest)
    more = f" from replicate {replicates.start}" if replicates.start else ""
    what = f"train {name} {settings.axis} {point}{more}"
    total = len(replicates) * epochs
    with (
        Progress(what, total, "replicate-epochs") as progress,
        LiveView(folder, settings, made_from, epochs, total) as live,
    ):
        groups = checkpoints.load()
        done = {int(r) for group in groups for r in group.replicates}
        begun = checkpoints.begun(done)
        kept = len(done) * epochs + sum(len(each.replicates) * each.epoch for each in begun)
        if kept:
            progress.skip(kept)
            say(f"{what}: goes on after {kept} of {total} replicate-epochs")

        def on_epoch(group: int, size: int, epoch: int, losses: dict[str, float]) -> None:
            progress.advance(size)
            live.epoch_done(group, size, epoch, losses)

        for recipe, share in zip(recipes, shares, strict=True):
            missing = [r for r in share if r not in done]
            job = Job(dataset, recipe, settings.seed, device)
            own = [state for state in begun if set(state.replicates.tolist()) <= set(missing)]
            trained = train_groups(job, missing, cores(), on_epoch, own, checkpoints.keep)
            with closing(trained) as finished:
                for group in finished:
                    checkpoints.save(group)
                    groups.append(group)
        parts = [join([g for g in groups if g.replicates[0] in share]) for share in shares]
        splits = dataset.splits
        rows = [splits.test[splits.of_replicate(r)] for r in replicates]
        path = folder / part_path(name, point, replicates)
        write_runs(path, parts, np.stack(rows), made_from)
        seconds = progress.seconds
    checkpoints.remove()
    _say_result(what, join([part.without_weights() for part in parts]), seconds)


def _say_result(what: str, runs: Runs, seconds: float) -> None:
    finite = runs.stopped["last"].finite
    told = f"{what}: {finite.size} replicates in {seconds:.1f} s"
    if finite.any():
        means = {s: runs.curves[f"{s}_loss"][finite, -1].mean() for s in ("train", "test")}
        told += ", mean loss " + ", ".join(f"{split} {mean:.4g}" for split, mean in means.items())
    diverged = int((~finite).sum())
    say(f"{told}; {diverged} diverged" if diverged else told)
