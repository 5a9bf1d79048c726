"""What every command says of settings that cannot be used; nothing may change."""

import pytest

from tests.experiment import STAGES, command, new_experiment

EVERY = ("check", *STAGES)


@pytest.fixture
def experiment(tmp_path):
    return new_experiment(tmp_path / "experiment", "images")


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("replicates", 0, "replicates: must be a whole number from 1 to 10**12, or a plan"),
        ("replicates", "3", "20, 40, 80], not '3'"),
        ("points", [0, -1], "points[1]: must be greater than or equal to 0, not -1"),
        ("points", [0, 1000], "points[1]: must be less than or equal to 64, not 1000"),
        ("points", [2, 1], "points: [2, 1] must be in ascending order"),
        ("points", [], "points: must have at least one value"),
        ("recipe.epoch", 3, "recipe.epoch: unknown key; did you mean recipe.epochs?"),
        (
            "recipe.optimizer.learning_rate",
            0,
            "recipe.optimizer.learning_rate: must be greater than 0",
        ),
        ("recipe.loss", "mse", "recipe.loss: mse does not fit data.kind images"),
    ],
)
def test_value(experiment, refused, key, value, what):
    """Every command reads the settings in one place: test_every_command holds them to it."""
    message = refused(experiment.set(key, value), "check")
    assert message.startswith("params.yaml: ")
    assert what in message


@pytest.mark.parametrize("stage", EVERY)
def test_every_command(copy_of, refused, stage):
    experiment = copy_of("images").set("replicates", 0)
    message = refused(experiment, *command(stage, 0))
    assert message.startswith("params.yaml: replicates: must be a whole number from 1")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "missing; run this in the folder of an experiment, or name it with -C FOLDER"),
        (b"", "must be a mapping of keys to values"),
        (b"points: [0, 1\nseed: 0\n", "line 2, column 5: broken YAML"),
        (b"seed: 0\nseed: 1\n", 'line 2, column 1: broken YAML: found duplicate key "seed"'),
        (b"seed: \xff\n", "byte 6 is not UTF-8 text"),
    ],
)
def test_file(experiment, refused, content, what):
    if content is None:
        experiment.params.unlink()
    else:
        experiment.params.write_bytes(content)
    message = refused(experiment, "check")
    assert message.startswith("params.yaml: ")
    assert what in message


HUGE = 10**11


@pytest.mark.parametrize(
    ("kind", "key", "stages"),
    [
        ("images", "recipe.network.width", ["check", "train"]),
        ("series", "recipe.network.width", ["check", "train"]),
        ("images", "recipe.epochs", ["check", "train"]),
        ("images", "replicates", ["check", "prepare"]),
        ("series", "replicates", ["check", "train"]),
        ("images", "threshold.resamples", ["check", "evaluate"]),
        ("images", "threshold.stability_resamples", ["check", "evaluate"]),
    ],
)
def test_more_memory_than_the_machine_has(copy_of, refused, kind, key, stages):
    experiment = copy_of(kind).set(key, HUGE)
    for stage in stages:
        if stage == "train":
            # Everything that needs no memory goes through.
            experiment.repro("prepare", "recipe")
        message = refused(experiment, *command(stage, 2))
        assert message.startswith("params.yaml: ")
        assert str(HUGE) in message or ("width" in key and "parameters" in message)
        assert "of memory at least, the machine has" in message


def test_windows_that_do_not_fit_in_memory(copy_of, refused, monkeypatch):
    class Small:
        total, available = 500, 2**30

    monkeypatch.setattr("psutil.virtual_memory", Small)
    for stage in ("check", "prepare"):
        assert refused(copy_of("series", stage), stage).startswith(
            "params.yaml: data: 64 examples of 4 inputs would need 0.0 GiB of memory at least"
        )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("data.window", HUGE),
        ("data.window", 60),
        ("data.split.validation_days", HUGE),
        ("data.split.test_days", 60),
    ],
)
@pytest.mark.parametrize("stage", ["check", "prepare"])
def test_series_too_short(copy_of, refused, stage, key, value):
    message = refused(copy_of("series").set(key, value), stage)
    assert f"{key.rpartition('.')[2]} {value}" in message
    assert "days at least; the series spans 70" in message


@pytest.mark.parametrize("stage", ["check", "prepare"])
def test_images_too_few(copy_of, refused, stage):
    message = refused(copy_of("images").set("data.split.test", 19), stage)
    assert "train 30 + validation 12 + test 19 = 61 examples are asked for; there are 60" in message


@pytest.mark.parametrize("stage", ["check", "train"])
def test_no_such_device(copy_of, refused, stage, monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    message = refused(copy_of("images").set("training.device", "cuda"), *command(stage, 0))
    assert message == "params.yaml: training.device: no CUDA device is here; use cpu or auto"
