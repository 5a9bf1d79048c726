"""Prepared data, recipes and results that are missing, damaged or from other settings."""

import json
import re
import shutil

import pytest

from tests.experiment import command

AGAIN = "; run `dvc repro`"
PREPARED = "data/prepared"
PREPARED_FILES = ["meta.json", "names.json", "dataset.safetensors"]
RESULT_FILES = [
    *("provenance.json", "curves.csv", "stopping.csv", "test-losses.safetensors"),
    "weights-validation-0.safetensors",
]


def damage(path, how):
    data = path.read_bytes()
    if how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "emptied":
        path.write_bytes(b"")
    elif how == "garbled":
        path.write_bytes(bytes(255 - byte for byte in data))
    elif how == "nested":
        path.write_bytes(b"[" * 100_000)
    elif how == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.unlink()


HOW = ["cut", "emptied", "garbled", "missing", "nested", "folder"]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", PREPARED_FILES)
@pytest.mark.parametrize("stage", ["train", "evaluate"])
def test_prepared(copy_of, refused, stage, name, how):
    experiment = copy_of("images")
    damage(experiment.folder / PREPARED / name, how)
    message = refused(experiment, *command(stage, 0))
    assert message.startswith(f"{PREPARED}/{name}: ")
    assert message.endswith(AGAIN)


@pytest.mark.parametrize("stage", ["train", "evaluate", "report"])
def test_no_prepared_data(copy_of, refused, stage):
    experiment = copy_of("images")
    shutil.rmtree(experiment.folder / PREPARED)
    message = refused(experiment, *command(stage, 0))
    assert message == f"{PREPARED}/meta.json: no such file{AGAIN}"


@pytest.mark.parametrize("stage", ["train", "evaluate", "report"])
@pytest.mark.parametrize(
    ("kind", "key", "value", "said"),
    [
        ("images", "seed", 1, "seed: made with 0, now 1"),
        ("images", "replicates", 4, "replicates: made with 3, now 4"),
        ("images", "data.split.test", 17, "data.split.test: made with 18, now 17"),
        ("images", "data.scaling", "each", 'data.scaling: made with "all", now "each"'),
        ("series", "data.window", 5, "data.window: made with 4, now 5"),
    ],
)
def test_prepared_from_other_settings(copy_of, refused, stage, kind, key, value, said):
    message = refused(copy_of(kind).set(key, value), *command(stage, 0))
    assert message == f"{PREPARED}/meta.json: {said}{AGAIN}"


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("stage", ["train", "evaluate", "report"])
def test_recipe(copy_of, refused, stage, how):
    experiment = copy_of("images")
    damage(experiment.folder / "results/recipes/fixed-1/recipe.json", how)
    message = refused(experiment, *command(stage, 1))
    assert message.startswith("results/recipes/fixed-1/recipe.json: ")
    assert message.endswith(AGAIN)


@pytest.mark.parametrize("stage", ["train", "evaluate", "report"])
@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("recipe.network.width", 5, "network.width: made with 4, now 5"),
        ("recipe.epochs", 3, "epochs: made with 2, now 3"),
    ],
)
def test_recipe_from_other_settings(copy_of, refused, stage, key, value, said):
    message = refused(copy_of("images").set(key, value), *command(stage, 0))
    assert message == f"results/recipes/fixed-0/recipe.json: {said}{AGAIN}"


@pytest.mark.parametrize("change", [{"epochs": "4"}, {"epohcs": 4}, {"network": None}])
@pytest.mark.parametrize("stage", ["train", "evaluate", "report"])
def test_recipe_changed_by_hand(copy_of, refused, stage, change):
    experiment = copy_of("images")
    path = experiment.folder / "results/recipes/fixed-0/recipe.json"
    (good,) = json.loads(path.read_text())
    path.write_text(json.dumps([good | change]))
    message = refused(experiment, *command(stage, 0))
    assert message.startswith("results/recipes/fixed-0/recipe.json: ")
    assert message.endswith(AGAIN)


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", RESULT_FILES)
@pytest.mark.parametrize("stage", ["evaluate", "report"])
def test_results(copy_of, refused, stage, name, how):
    if stage == "report" and name not in RESULT_FILES[:3]:
        pytest.skip("report does not read it")
    experiment = copy_of("images")
    damage(experiment.results(2) / name, how)
    message = refused(experiment, *command(stage, 0))
    assert message.startswith(f"results/train/fixed-2/{name}: ")
    assert message.endswith(AGAIN)


def test_a_changed_loss_is_noticed(copy_of, refused):
    experiment = copy_of("images")
    path = experiment.results(1) / "curves.csv"
    lines = path.read_text().splitlines()
    cells = lines[-1].split(",")
    cells[2] = "0.5"
    path.write_text("\n".join([*lines[:-1], ",".join(cells)]) + "\n")
    for stage in ("evaluate", "report"):
        message = refused(experiment, stage)
        assert message.startswith("results/train/fixed-1/curves.csv: is not the file")


@pytest.mark.parametrize("stage", ["evaluate", "report"])
def test_results_missing(copy_of, refused, stage):
    experiment = copy_of("images")
    shutil.rmtree(experiment.results(1))
    message = refused(experiment, stage)
    assert message == f"results/train/fixed-1/provenance.json: no such file{AGAIN}"


@pytest.mark.parametrize("stage", ["evaluate", "report"])
def test_results_of_another_point_or_settings(copy_of, refused, stage):
    experiment = copy_of("images")
    shutil.rmtree(experiment.results(1))
    shutil.copytree(experiment.results(2), experiment.results(1))
    message = refused(experiment, stage)
    assert message == f"results/train/fixed-1: point: made with 2, now 1{AGAIN}"

    experiment = copy_of("images", "other").set("recipe.epochs", 3)
    experiment.repro("recipe")
    message = refused(experiment, stage)
    assert message == f"results/train/fixed-0: epochs: made with 2, now 3{AGAIN}"


@pytest.mark.parametrize("stage", ["evaluate", "report"])
def test_results_of_other_data(copy_of, refused, stage):
    experiment = copy_of("images")
    experiment.edit_raw(lambda text: text.replace("\n1,", "\n2,"))
    experiment.repro("prepare")
    message = refused(experiment, stage)
    assert message.startswith("results/train/fixed-0: data_digest: made with ")


@pytest.mark.parametrize("stage", ["evaluate", "report"])
def test_results_of_other_source(copy_of, refused, stage, monkeypatch):
    experiment = copy_of("images")
    monkeypatch.setattr("depthgauge.artifacts.provenance.code_digest", lambda *_: "new")
    message = refused(experiment, stage)
    assert message.startswith("results/train/fixed-0: code_digest: made with ")


@pytest.mark.parametrize("how", HOW)
def test_damaged_verdicts(copy_of, refused, how):
    experiment = copy_of("images")
    damage(experiment.folder / "results/verdicts.json", how)
    message = refused(experiment, "report")
    assert message.startswith("results/verdicts.json: ")
    assert message.endswith(AGAIN)


def test_verdicts_of_other_points(copy_of, refused):
    experiment = copy_of("images").set("points", [0, 1])
    assert refused(experiment, "report") == (
        f"results/verdicts.json: points: made with [0, 1, 2], now [0, 1]{AGAIN}"
    )


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["prepare"], "data/prepared"),
        (command("recipe", 0), "results/recipes"),
        (command("train", 0), "results/train/fixed-0"),
        (["evaluate"], "results/points.csv"),
        (["evaluate"], "results/verdicts.json"),
        (["report"], "results/report"),
    ],
)
def test_output_that_cannot_be_written(copy_of, refused, arguments, output, tmp_path):
    # Trained groups are kept in the work folder, which lies at the root of the repository.
    (tmp_path / ".git").mkdir()
    experiment = copy_of("images")
    path = experiment.folder / output
    if path.is_dir():
        shutil.rmtree(path)
        path.write_text("in the way")
    else:
        path.unlink()
        path.mkdir()
        (path / "in the way").write_text("")
    message = refused(experiment, *arguments)
    assert message.startswith(output)
    assert ": cannot be written: " in message


@pytest.mark.parametrize("stage", ["report", "track", "register"])
@pytest.mark.parametrize("name", ["verdicts.json", "metrics.csv"])
def test_a_number_of_the_evaluation_that_was_changed_since(copy_of, refused, stage, name):
    """One digit of one loss or metric: it must reach neither page nor MLflow."""
    experiment = copy_of("images")
    path = experiment.folder / "results" / name
    text = path.read_text()
    digit = re.search(r'(?<="train_median": 0\.)\d|(?<=,0\.)\d', text)
    other = str((int(digit[0]) + 1) % 10)
    path.write_text(text[: digit.start()] + other + text[digit.end() :])
    message = refused(experiment, *command(stage, 0))
    assert message == f"results/{name}: is not what evaluate wrote{AGAIN}"
