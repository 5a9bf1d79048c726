"""The notebooks are stored with what they show, and run."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tools.notebooks import code_digest

from tests.experiment import new_experiment

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
# The kernel's own packages warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")


def run(notebook, folder):
    content = nbformat.read(notebook, as_version=4)
    NotebookClient(content, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    return content


def shown(content):
    """The kinds of output of every code cell."""
    return [
        {kind for output in cell.outputs for kind in output.get("data", {output.output_type: 0})}
        for cell in content.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_stored_with_what_this_code_shows(path):
    content = nbformat.read(path, as_version=4)
    code = [cell for cell in content.cells if cell.cell_type == "code"]
    assert content.metadata["executed"] == code_digest(content), "run `make notebooks`"
    assert [cell.execution_count for cell in code] == [*range(1, len(code) + 1)]
    assert any("image/svg+xml" in kinds for kinds in shown(content))
    # Nothing of the machine that ran it.
    assert not re.search(r"(?i)/(home|root|users|tmp|work)/|warning", str(code))


@pytest.mark.slow
def test_the_lecture_runs():
    content = run(NOTEBOOKS / "lecture.ipynb", NOTEBOOKS)
    kinds = shown(content)
    assert sum("image/svg+xml" in kind for kind in kinds) == 2
    assert sum("text/html" in kind for kind in kinds) == 3
    said = [
        output.text
        for cell in content.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stdout"
    ]
    # What eight seeds say, and what two of them say.
    assert len(said) == 2
    assert all("of the 5 depths tried" in text for text in said)


def test_a_sweep_shows_the_answer_and_the_figure(tmp_path):
    cell = nbformat.v4.new_code_cell(
        "import numpy as np, depthgauge as dg\n"
        "X = np.random.default_rng(0).normal(size=(60, 2))\n"
        "dg.sweep(X, X[:, 0], depth=[0, 1], replicates=2, epochs=2)"
    )
    content = nbformat.v4.new_notebook(cells=[cell])
    nbformat.write(content, tmp_path / "mine.ipynb")
    *told, shown = run(tmp_path / "mine.ipynb", tmp_path).cells[0].outputs
    # The bar, and nothing else: what stages say one by one is not told.
    assert {output.name for output in told} == {"stderr"}
    bars = [part for part in "".join(o.text for o in told).split("\r") if part.strip()]
    assert bars
    assert [bar for bar in bars if "replicate-epochs" not in bar] == []
    assert shown.data["text/plain"].startswith("With this recipe (adam")
    assert "data:image/svg+xml;base64," in shown.data["text/html"]


def test_the_results_of_an_experiment_are_shown(tmp_path):
    experiment = new_experiment(tmp_path / "small", "images").tune()
    experiment.repro("prepare", "baselines", "recipe", "search", "train")
    for point in experiment.content["points"]:
        assert experiment.run("train", "--depth", str(point), "--recipe", "tuned") == 0
    experiment.repro("evaluate", "report")
    assert experiment.run("track") == 0
    (experiment.folder / "notebooks").mkdir()
    copy = shutil.copy(NOTEBOOKS / "results.ipynb", experiment.folder / "notebooks")
    content = run(copy, experiment.folder / "notebooks")
    kinds = shown(content)
    assert "stream" in kinds[0]
    assert sum("text/html" in kind for kind in kinds) == 3
    assert sum("image/svg+xml" in kind for kind in kinds) == 1


def test_results_that_are_missing_are_told(tmp_path):
    experiment = new_experiment(tmp_path / "small", "images")
    (experiment.folder / "notebooks").mkdir()
    copy = shutil.copy(NOTEBOOKS / "results.ipynb", experiment.folder / "notebooks")
    with pytest.raises(CellExecutionError, match=r"verdicts.json: no such file.*run `dvc repro`"):
        run(copy, experiment.folder / "notebooks")
