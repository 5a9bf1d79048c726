"""The examples of docs/adding.md are what it says: each a file, and nothing else is edited."""

import csv
import importlib
import re
import sys
from pathlib import Path

import pytest

from tests.experiment import new_experiment

ROOT = Path(__file__).parents[1]


def examples():
    """(path below src/depthgauge, content) of each entry that is shown as a file."""
    text = (ROOT / "docs/adding.md").read_text()
    pattern = r"^\*\*An? \w+\*\*, `([\w/]+\.py)`[^`].*?^```python\n(.*?)^```$"
    return re.findall(pattern, text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def added(tmp_path, monkeypatch):
    """The examples beside the package's own entries, as if their files lay there."""
    for path, content in examples():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
        name = "depthgauge." + ".".join(Path(path).with_suffix("").parts)
        package = importlib.import_module(name.rpartition(".")[0])
        # In front, for an entry of that name that somebody added.
        monkeypatch.delitem(sys.modules, name, raising=False)
        if str(place.parent) not in package.__path__:
            monkeypatch.setattr(package, "__path__", [str(place.parent), *package.__path__])
    yield
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.usefixtures("added")
def test_an_experiment_of_the_examples_alone(tmp_path):
    """A loss, an optimizer, a network, a metric and an axis of decimal numbers: to the page."""
    assert len(examples()) == 5
    experiment = new_experiment(tmp_path / "experiment", "table")
    experiment.set("axis", "weight_decay").set("points", [0.0, 0.001])
    experiment.set("recipe.network", {"family": "residual", "depth": 2, "width": 4})
    experiment.set(
        "recipe.optimizer",
        {"name": "rmsprop", "alpha": 0.9, "learning_rate": 0.01, "weight_decay": 0.1},
    )
    experiment.set("recipe.loss", {"name": "pinball", "quantile": 0.7})
    assert experiment.stage("check") == 0
    experiment.repro()
    with (experiment.folder / "results/metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {float(row["point"]) for row in rows} == {0.0, 0.001}
    assert all(float(row["test_median_error"]) > 0 for row in rows)
    page = (experiment.folder / "results/report/index.html").read_text()
    assert "test median error" in page
    assert "weight decay 0.001" in page
