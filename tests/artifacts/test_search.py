import json
import os

import pytest

from depthgauge.artifacts.recipes import recipes_digest, write_recipes
from depthgauge.artifacts.search import (
    FILES,
    Budget,
    Study,
    Trial,
    is_searched,
    read_study,
    search_paths,
    write_study,
)
from depthgauge.errors import InputError
from tests.experiment import new_experiment

TRIALS = [
    {
        "trial": 0,
        "state": "complete",
        "value": 1.5,
        "best_so_far": 1.5,
        "epochs": 2,
        "learning_rate": 1e-3,
    },
    {
        "trial": 1,
        "state": "diverged",
        "value": None,
        "best_so_far": 1.5,
        "epochs": 0,
        "learning_rate": 0.5,
    },
]
CURVES = [{"trial": 0, "epoch": 1, "value": 2.0}, {"trial": 0, "epoch": 2, "value": 1.5}]
IMPORTANCES = [{"parameter": "learning_rate", "importance": None}]
PLAN = {
    "recipe": "tuned",
    "axis": "depth",
    "point": 1,
    "study": 1,
    "objective": "validation_loss",
    "base": {},
    "space": {"learning_rate": [1e-4, 1.0]},
    "data_digest": "d",
    "code_digest": "c",
}
STUDY = Study(
    name="small depth 1 0a1b2c3d",
    plan=PLAN,
    best_trial=0,
    best_value=1.5,
    budget=Budget(trials=2, replicates=1, epochs=2, epochs_trained=2),
    states={"complete": 1, "pruned": 0, "diverged": 1},
)


@pytest.fixture(scope="module")
def recipe(tmp_path_factory):
    return new_experiment(tmp_path_factory.mktemp("of") / "it", "table").settings.recipe_at(1)


@pytest.fixture
def written(tmp_path, recipe):
    """The experiment's folder."""
    folder = tmp_path / "results/recipes/tuned-1"
    for number in (0, 1):
        study = STUDY.model_copy(update={"plan": PLAN | {"study": number}})
        write_study(folder, study, TRIALS, CURVES, IMPORTANCES)
    write_recipes(folder / "recipe.json", [recipe.with_values({"width": 9}), recipe])
    return tmp_path


def test_reads_back_what_was_written(written, recipe):
    search = read_study(written, "tuned", 1, 1)
    assert sorted(search.study.digests) == sorted(FILES)
    assert (search.study.model_copy(update={"digests": {}}), search.recipe) == (STUDY, recipe)
    assert search.trials == (
        Trial(0, "complete", 1.5, 1.5, 2, {"learning_rate": 0.001}, ((1, 2.0), (2, 1.5))),
        Trial(1, "diverged", None, 1.5, 0, {"learning_rate": 0.5}, ()),
    )
    assert search.importances == {"learning_rate": None}
    assert (search.point, search.number) == (1, 1)
    folder = written / "results/recipes/tuned-1"
    own = [folder / "study-1" / name for name in FILES]
    assert search.paths == (*own, folder / "recipe.json")
    assert sorted(os.listdir(folder / "study-1")) == sorted(FILES)
    both = read_study(written, "tuned", 1, 0).recipe, recipe
    assert both[0] != recipe
    assert search.found_digest == recipes_digest(both)


def test_the_digest_is_that_of_every_file(written):
    digests = {read_study(written, "tuned", 1, 1).digest}
    for path in search_paths(written, "tuned", 1, 1):
        path.write_bytes(path.read_bytes() + b"\n" * path.name.endswith(".json"))
        digests.add(read_study(written, "tuned", 1, 1).digest)
    assert len(digests) == 1 + 2


def test_whether_it_has_finished(written):
    assert is_searched(written, "tuned", 1, 2)
    assert not is_searched(written, "tuned", 1, 3)
    assert not is_searched(written, "tuned", 2, 2)
    assert not is_searched(written, "fixed", 1, 2)
    search_paths(written, "tuned", 1, 1)[0].unlink()
    assert not is_searched(written, "tuned", 1, 2)


@pytest.mark.parametrize("name", [*FILES, "recipe.json"])
@pytest.mark.parametrize("how", ["missing", "empty", "no text", "a list", "a header"])
def test_a_file_that_cannot_be_read(written, name, how):
    path = next(p for p in search_paths(written, "tuned", 1, 1) if p.name == name)
    if how == "missing":
        path.unlink()
    elif how == "a header":
        path.write_text(path.read_text().partition("\n")[0] + "\n")
    else:
        path.write_bytes({"empty": b"", "no text": b"\xff\xfe,\n1,2\n", "a list": b"[]\n"}[how])
    with pytest.raises(InputError) as caught:
        read_study(written, "tuned", 1, 1)
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith("; run `dvc repro`")


@pytest.mark.parametrize("edition", ["this", "earlier"])
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("trials.csv", "complete", "finished"),
        ("trials.csv", "complete,1.5", "complete,low"),
        ("trials.csv", "\n1,", "\n7,"),
        ("trials.csv", ",0.001", ""),
        ("trials.csv", ",0.001", ",0.001,5"),
        ("trials.csv", "best_so_far", "best"),
        ("curves.csv", "0,1,", "0,one,"),
        ("importances.csv", "importance\n", "share\n"),
        ("study.json", '"best_trial": 0', '"best_trial": 1'),
        ("study.json", '"best_trial": 0', '"best_trial": [0]'),
        ("study.json", '"best_trial": 0', '"best_trial": -1'),
        ("study.json", '"best_value": 1.5', '"best_value": "1.5"'),
        ("study.json", '"best_value": 1.5', '"best_value": NaN'),
        ("study.json", '"replicates": 1', '"replicates": "one"'),
        ("study.json", '"code_digest"', '"source_digest"'),
        ("study.json", '"space": {', '"spaces": {'),
        ("study.json", '"study": 1', '"study": 0'),
    ],
)
def test_a_value_that_cannot_be(written, name, before, after, edition):
    if edition == "earlier":
        forget_digests(written)
    path = next(p for p in search_paths(written, "tuned", 1, 1) if p.name == name)
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    said = "(is damaged|is not what the search wrote)" if edition == "this" else "is damaged"
    with pytest.raises(InputError, match=rf"{name}: (\S+: )?{said}; run `dvc repro`$"):
        read_study(written, "tuned", 1, 1)


def forget_digests(folder):
    """As an earlier version wrote studies."""
    path = search_paths(folder, "tuned", 1, 1)[0]
    path.write_text(json.dumps(json.loads(path.read_text()) | {"digests": {}}))


@pytest.mark.parametrize("name", FILES)
def test_a_cell_that_could_be_is_noticed_all_the_same(written, name):
    """Each digit that stands in a file, made another one."""
    path = next(p for p in search_paths(written, "tuned", 1, 1) if p.name == name)
    good = path.read_bytes()
    digits = [place for place, byte in enumerate(good) if chr(byte).isdigit()]
    for place in digits:
        other = str((int(chr(good[place])) + 1) % 10).encode()
        path.write_bytes(good[:place] + other + good[place + 1 :])
        with pytest.raises(InputError, match=r": is (damaged|not what the search wrote); run"):
            read_study(written, "tuned", 1, 1)
    assert digits or name == "importances.csv"
    path.write_bytes(good)
    read_study(written, "tuned", 1, 1)


def test_a_study_of_an_earlier_version_is_read(written):
    forget_digests(written)
    assert read_study(written, "tuned", 1, 1).study == STUDY


def test_json_is_for_people(written):
    path = search_paths(written, "tuned", 1, 1)[0]
    assert json.loads(path.read_text())["plan"] == PLAN


def test_a_study_without_its_recipe(written):
    path = written / "results/recipes/tuned-1/recipe.json"
    path.write_text(json.dumps(json.loads(path.read_text())[:1]))
    with pytest.raises(InputError, match=r"recipe\.json: is damaged; run `dvc repro`$"):
        read_study(written, "tuned", 1, 1)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(InputError):
        write_study(tmp_path / "file", STUDY, TRIALS, CURVES, IMPORTANCES)
    assert (tmp_path / "file").read_text() == "precious"
