"""Experiments of which the report has been made, and the facts that it tells."""

import pytest

from depthgauge.report.facts import read_facts
from tests.experiment import add_writers, new_experiment


def reported(folder, kind, **changes):
    experiment = new_experiment(folder, kind)
    for key, value in changes.items():
        experiment.set(key.replace("__", "."), value)
    experiment.repro()
    return experiment


@pytest.fixture(scope="session")
def experiments(tmp_path_factory):
    """The two kinds, the images with both recipes, those of writers, and odd ones."""
    place = tmp_path_factory.mktemp("reported")
    images = new_experiment(place / "images", "images").tune()
    images.repro("prepare", "baselines", "recipe", "search", "train")
    for point in images.content["points"]:
        assert images.run("train", "--depth", str(point), "--recipe", "tuned") == 0
    images.repro("evaluate", "report")
    writers = add_writers(new_experiment(place / "writers", "images"), 12)
    writers.repro("prepare", "baselines", "recipe", "train")
    for point in writers.content["points"]:
        for stage in ("search", "train"):
            assert writers.run(stage, "--depth", str(point), "--recipe", "grouped") == 0
    writers.repro("evaluate", "report")
    return {
        "writers": writers,
        "images": images,
        "series": reported(place / "series", "series"),
        "sequences": reported(
            place / "sequences",
            "sequences",
            data__task="classification",
            data__target="walker",
            recipe__loss="cross_entropy",
            metrics=["accuracy"],
        ),
        "letters": reported(
            place / "letters", "sequences", data__channels=[], data__categories=["ground"]
        ),
        "one_replicate": reported(place / "one", "images", replicates=1),
        "one_depth": reported(place / "depth", "images", points=[1]),
        "many_depths": reported(place / "many", "images", points=list(range(20)), recipe__epochs=1),
        "diverged": reported(
            place / "diverged",
            "series",
            recipe__optimizer={
                **{"name": "sgd", "learning_rate": 1e30},
                **{"momentum": 0.0, "weight_decay": 0.0},
            },
            recipe__loss="mse",
            recipe__epochs=5,
        ),
    }


@pytest.fixture(scope="session")
def facts(experiments):
    return {name: read_facts(e.folder, e.settings) for name, e in experiments.items()}
