"""register, from what real stages wrote: the model answers raw rows as the network was measured."""

import os
import subprocess
import sys
from dataclasses import replace

import mlflow
import numpy as np
import pandas as pd
import pytest

from depthgauge.artifacts.dataset import PREPARED
from depthgauge.artifacts.encoder import read_encoder
from depthgauge.artifacts.inputs import point_data, present_recipes
from depthgauge.artifacts.runs import trained_path
from depthgauge.artifacts.trained import Trained
from depthgauge.serving.predictor import make_predictor
from depthgauge.stages.register import _choice, _recommended
from depthgauge.statistics.estimates import Estimate
from depthgauge.tracking.models import _use_store
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import find_store
from tests.experiment import new_experiment

LOSSES = {
    "mae": lambda errors: np.abs(errors).mean(axis=1),
    "mse": lambda errors: np.square(errors).mean(axis=1),
}


def two_columns(text):
    _, *lines = text.splitlines()
    return "day,count,price\n" + "".join(f"{line},{k % 5 + 1}\n" for k, line in enumerate(lines))


def months_in_another_order(text):
    lines = text.splitlines()[1:]
    values = [line.partition(",")[2] for line in lines]
    rows = [f"{1950 + k // 12}-{k % 12 + 1:02},{value}" for k, value in enumerate(values)]
    return "\n".join([text.partition("\n")[0], *reversed(rows)]) + "\n"


def another_target(text):
    """A second one, in one row of each sequence alone."""
    head, *lines = text.splitlines()
    seen = set()
    for place, line in enumerate(lines):
        walk = line.partition(",")[0]
        lines[place] = f"{line},{'' if walk in seen else int(walk[1:]) % 7}"
        seen.add(walk)
    return "\n".join([f"{head},rest", *lines]) + "\n"


def towns(*names):
    """Other names for x, y and z."""

    def edit(text):
        for old, new in zip("xyz", names, strict=True):
            text = text.replace(f",{old},", f",{new},")
        return text

    return edit


def missing_towns(text):
    return text.replace(",y,", ",,", 2)


VARIANTS = {
    "images": ("images", {}, None),
    "each pixel by itself": ("images", {"data.scaling": "each", "data.label_noise": 0.2}, None),
    "clean images": (
        "images",
        {
            "data.task": "structured",
            "data.input_noise": 0.3,
            "recipe.loss": "mse",
            "metrics": ["mae"],
        },
        None,
    ),
    "series": ("series", {}, None),
    "a week of a gappy series": (
        "series",
        {
            "data.steps": 3,
            "data.horizon": 2,
            "data.gaps": "interpolate",
            "data.transform": "none",
            "data.inputs": ["price", "count"],
        },
        two_columns,
    ),
    "a series of months": (
        "series",
        {"data.gaps": "ignore", "data.transform": "none"},
        months_in_another_order,
    ),
    "over windows": ("series", {"axis": "window", "points": [2, 4]}, None),
    "sequences": ("sequences", {}, None),
    "the last steps of sequences, in a cnn": (
        "sequences",
        {
            "data.length": 4,
            "recipe.network": {
                "family": "cnn",
                "depth": 1,
                "width": 3,
                "kernel": 3,
                "dimensions": 1,
                "dropout": 0.0,
            },
        },
        None,
    ),
    "numbers of sequences, in a transformer": (
        "sequences",
        {
            "data.task": "structured",
            "data.target": "what is measured",
            "data.targets": ["effort", "rest"],
            "search.space.width": [2, 4],
            "recipe.network": {
                "family": "transformer",
                "depth": 1,
                "width": 4,
                "heads": 2,
                "dropout": 0.0,
            },
        },
        another_target,
    ),
    "table": ("table", {}, missing_towns),
    "categories that look like others": ("table", {}, towns("b", "01067", "True")),
    "over training sizes": ("table", {"axis": "training_size", "points": [10, 30]}, None),
    "classes of a table": (
        "table",
        {
            "data.task": "classification",
            "data.target": "town",
            "data.categories": [],
            "recipe.loss": "cross_entropy",
            "metrics": ["balanced_accuracy"],
        },
        None,
    ),
}


def made(folder, variant):
    kind, settings, edit = VARIANTS[variant]
    experiment = new_experiment(folder / "experiment", kind)
    for key, value in settings.items():
        experiment.set(key, value)
    if edit:
        experiment.edit_raw(edit)
    experiment.repro("prepare", "recipe", "train", "baselines", "evaluate")
    return experiment


def trained_at(experiment, recipe, point):
    return Trained((experiment.folder / trained_path(recipe, point),))


def recommended(experiment):
    """The choice, its predictor and the data of its point, as the stage makes them."""
    settings, folder = experiment.settings, experiment.folder
    view, verdict = _recommended(folder, settings)
    trained = trained_at(experiment, view[0], verdict.point)
    choice = _choice(trained, view, verdict)
    dataset, _ = point_data(folder, settings, view[0], verdict.point)
    (recipe,) = present_recipes(folder, settings, view[0], verdict.point)
    encoder, weights = read_encoder(folder / PREPARED), trained.weights(view[1], 0)
    own = {name: tensor[choice.replicate] for name, tensor in weights.items()}
    predictor = make_predictor(encoder, recipe.network, dataset, own, choice.replicate)
    return choice, predictor, dataset


def frame_of(experiment, predictor):
    encoder = predictor.encoder
    names = set(encoder.columns) - set(encoder.number_columns)
    return pd.read_csv(experiment.raw, dtype=dict.fromkeys(names, str))[list(encoder.columns)]


@pytest.mark.parametrize("variant", VARIANTS)
def test_raw_rows_get_the_answers_of_the_prepared_examples(tmp_path, variant):
    experiment = made(tmp_path, variant)
    choice, predictor, dataset = recommended(experiment)
    split = dataset.splits.of_replicate(choice.replicate)
    test = dataset.splits.test[split]
    raw = frame_of(experiment, predictor)
    if variant == "clean images":
        # Their inputs are noisy ones, which are nowhere but in the pool.
        raw = pd.DataFrame(dataset.inputs, columns=raw.columns)

    def of_test(answers):
        if predictor.encoder.naming_column is not None:
            known = answers.set_index(predictor.encoder.naming_column)
            if dataset.times is None:
                assert list(dataset.row_names) == list(known.index)
            else:
                # Every window of the pool and one more at least, which predicts what nobody knows.
                assert set(dataset.row_names) < set(known.index)
            return known.loc[[dataset.row_names[row] for row in test]]
        places = [int(dataset.row_names[row]) - 2 for row in test]
        return answers.iloc[test if variant == "clean images" else places]

    given = of_test(predictor.predict(raw)).to_numpy()
    if dataset.classes:
        truth = np.array(dataset.classes)[dataset.targets[test]]
        trained = trained_at(experiment, choice.recipe, choice.verdict.point)
        measured = trained.stopped()[choice.stopping].at(trained.curves()["test_error"])
        assert np.mean(given[:, 0] != truth) == pytest.approx(measured[choice.replicate])
        # The probabilities are those of which the cross-entropy is made.
        told = of_test(predictor.predict(raw, probabilities=True))
        assert told.iloc[:, 0].tolist() == given[:, 0].tolist()
        shares = told.iloc[:, 1:].to_numpy()
        assert list(told.columns[1:]) == [f"probability of {name}" for name in dataset.classes]
        np.testing.assert_allclose(shares.sum(axis=1), 1)
        of_truth = shares[np.arange(len(test)), dataset.targets[test]]
        assert -np.log(of_truth).mean() == pytest.approx(choice.test, rel=1e-4)
        return
    scale = dataset.scaling.target_scale[split]
    seen = np.log(given.astype(float)) if variant in ("series", "over windows") else given
    errors = (seen.astype(float) - dataset.targets[test]) / scale
    assert LOSSES[experiment.content["recipe"]["loss"]](errors).mean() == pytest.approx(
        choice.test, rel=1e-4
    )


def test_the_choice_is_made_on_validation_alone(tmp_path):
    experiment = made(tmp_path, "table")
    choice, _, _ = recommended(experiment)
    table = pd.read_csv(experiment.folder / "results/points.csv")
    least = table.loc[table.validation_loss.idxmin()]
    assert (choice.recipe, choice.verdict.point) == (least.recipe, least.point)
    trained = trained_at(experiment, choice.recipe, choice.verdict.point)
    curves = pd.read_csv(trained.folders[0] / "curves.csv")
    ends = curves[curves.epoch == curves.epoch.max()].set_index("replicate").validation_loss
    reached = {"last": ends, "validation": curves.groupby("replicate").validation_loss.min()}
    for stopping, losses in reached.items():
        told = choice.verdict.estimates | {"validation_loss": Estimate(losses.mean(), None)}
        verdict = replace(choice.verdict, estimates=told)
        chosen = _choice(trained, (choice.recipe, stopping), verdict)
        assert chosen.replicate == losses.idxmin()
        assert chosen.validation == pytest.approx(losses.min(), rel=1e-6)
    assert choice.validation == pytest.approx(reached[choice.stopping].min(), rel=1e-6)


def test_a_point_of_which_a_file_is_gone(tmp_path, refused):
    experiment = made(tmp_path, "table")
    for path in experiment.folder.rglob("test-losses.safetensors"):
        path.unlink()
    said = refused(experiment, "register")
    assert "lacks a file that was trained; run `dvc repro`" in said


def test_verdicts_of_another_training(tmp_path, refused):
    experiment = made(tmp_path, "table")
    experiment.set("seed", 5)
    experiment.repro("prepare", "recipe", "train")
    assert "was trained anew after the verdicts; run `dvc repro`" in refused(experiment, "register")


@pytest.mark.parametrize(
    ("variant", "told"),
    [
        ("clean images", "as many rows as you like"),
        ("over windows", "days or more"),
        ("a series of months", "rows or more"),
        ("the last steps of sequences, in a cnn", "of which the last 4 count"),
    ],
)
def test_any_kind_is_registered(tmp_path, monkeypatch, capsys, variant, told):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    experiment = made(tmp_path, variant)
    choice, _, _ = recommended(experiment)
    assert experiment.run("register") == 0
    said = capsys.readouterr().out
    assert told in said
    assert "import mlflow" in said
    if variant == "over windows":
        # The window of the point, not that of the pool.
        assert f"{choice.verdict.point} days or more" in said


@pytest.fixture
def registered(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    experiment = made(tmp_path, "table")
    assert experiment.run("register") == 0
    return experiment, find_store(experiment.folder, {}), capsys.readouterr()


def test_it_is_loaded_with_one_line_in_another_process(registered):
    experiment, store, said = registered
    assert "small version 1 registered: depth " in said.err
    assert store.uri in said.out
    # What is printed is pasted as it stands.
    printed = said.out.partition("installed:\n")[2]
    *lines, last = printed.split("network.predict(rows)")[0].strip().splitlines()
    program = "\n".join(["import warnings", *lines, last, "print(network.predict(rows).to_json())"])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    _, predictor, _ = recommended(experiment)
    answers = predictor.predict(frame_of(experiment, predictor))
    assert done.stdout.strip() == answers.to_json()


def test_probabilities_by_a_parameter_of_mlflow(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    experiment = made(tmp_path, "images")
    assert experiment.run("register") == 0
    assert 'params={"probabilities": True})' in capsys.readouterr().out
    with _use_store(find_store(experiment.folder, {}).uri, "0"):
        network = mlflow.pyfunc.load_model("models:/small/1")
    _, predictor, _ = recommended(experiment)
    rows = frame_of(experiment, predictor)
    expected = predictor.predict(rows, probabilities=True)
    pd.testing.assert_frame_equal(network.predict(rows, {"probabilities": True}), expected)
    pd.testing.assert_frame_equal(network.predict(rows), expected.iloc[:, :1])


def versions(store):
    with open_store(store, lambda _: None) as client:
        found = client.search_model_versions("name = 'small'")
        (model,) = client.search_registered_models("name = 'small'")
        runs = {v.version: client.get_run(v.run_id) for v in found}
    return found, model, runs


def test_the_version_leads_to_where_it_came_from(registered):
    experiment, store, _ = registered
    choice, _, _ = recommended(experiment)
    (version,), model, runs = versions(store)
    run = runs[version.version]
    assert run.info.run_name == f"{choice.recipe} depth {choice.verdict.point}"
    tags = version.tags
    assert tags["depthgauge.content_digest"] == run.data.tags["depthgauge.content_digest"]
    assert tags["depthgauge.verdict"] == str(choice.verdict.on_this_data)
    assert tags["depthgauge.replicate"] == str(choice.replicate)
    assert "depthgauge.summary_run" in tags
    assert "test loss chose nothing" in version.description
    assert {alias: int(number) for alias, number in model.aliases.items()} == {"recommended": 1}
    logged = mlflow.MlflowClient(store.uri).get_logged_model(version.source.split("/")[-1])
    assert logged.experiment_id == run.info.experiment_id
    assert not list((experiment.folder / ".depthgauge/mlartifacts").rglob("*.pkl"))


def test_the_same_network_is_registered_once(registered, capsys):
    experiment, store, _ = registered
    assert experiment.run("register") == 0
    assert "small version 1 is there already" in capsys.readouterr().err
    assert len(versions(store)[0]) == 1
    experiment.set("seed", 1)
    experiment.repro("prepare", "recipe", "train", "baselines", "evaluate")
    assert experiment.run("register") == 0
    found, model, _ = versions(store)
    assert len(found) == 2
    assert {alias: int(number) for alias, number in model.aliases.items()} == {"recommended": 2}
    assert os.environ.get("MLFLOW_TRACKING_URI") is None


def test_a_name_of_ones_own(registered, capsys):
    experiment, _, _ = registered
    assert experiment.run("register", "--name", "house prices") == 0
    assert "house prices version 1 registered" in capsys.readouterr().err


def test_nothing_to_register(tmp_path, refused):
    experiment = new_experiment(tmp_path / "experiment", "images")
    assert "results/verdicts.json: no such file; run `dvc repro`" in refused(experiment, "register")
    experiment.set("points", [1, 2]).set("recipe.optimizer.learning_rate", 1e30).set(
        "recipe.optimizer.name", "sgd"
    )
    experiment.repro("prepare", "recipe", "train", "baselines", "evaluate")
    for entries in experiment.threshold().values():
        assert {entry["recommended"] for entry in entries.values()} == {None}
    assert refused(experiment, "register") == (
        "results/verdicts.json: recommends no depth, since too many replicates diverged; lower "
        "recipe.optimizer.learning_rate and run `dvc repro`"
    )


def test_files_that_do_not_fit(tmp_path, refused):
    experiment = made(tmp_path, "table")
    experiment.edit_raw(lambda text: text + "100,50,x,300\n")
    assert "data/raw/table.csv: is not what was prepared" in refused(experiment, "register")
    experiment.edit_raw(lambda text: text.removesuffix("100,50,x,300\n"))
    for name in ("/", "a:b", ""):
        assert "--name" in refused(experiment, "register", "--name", name)
    for path in experiment.folder.glob("results/train/*/weights-*.safetensors"):
        path.write_bytes(path.read_bytes()[:-1])
    assert "is not the file provenance.json tells of" in refused(experiment, "register")
