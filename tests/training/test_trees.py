"""Trees against scikit-learn's own, called as its documentation says."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, root_mean_squared_error

from depthgauge.data.kinds.table import TableData
from depthgauge.entries import find_entry
from depthgauge.training import trees
from depthgauge.training.baselines import measure_outputs
from depthgauge.training.losses.loss import LOSSES
from depthgauge.training.metrics.metric import find_metrics
from depthgauge.training.trees import fit_trees, number_of_fits
from tests.data.make import FILE, images, make_table, prepare, prepare_classes

SPLITS = ("train", "validation", "test")
ROWS = 150


def ignore(count):
    pass


def of_classes(classes=3, label_noise=0.0, splits=3):
    """Images whose class is told by their brightest pixel, most of the time."""
    rng = np.random.default_rng(4)
    labels = rng.permutation(np.arange(ROWS) % classes)
    pixels = rng.normal(size=(ROWS, 4))
    pixels[np.arange(ROWS), labels] += 2
    counts = {"train": 80, "validation": 30, "test": 40}
    names, rows = [str(k) for k in labels], [str(k) for k in range(ROWS)]
    return prepare_classes(pixels, list("abcd"), names, rows, counts, 0, splits, "all", label_noise)


def of_numbers(missing=True):
    """Houses, the ages of some unknown."""
    rng = np.random.default_rng(5)
    area, age = rng.uniform(40, 200, ROWS), rng.uniform(1, 90, ROWS)
    price = 1000 + 3 * area - age + rng.normal(scale=20, size=ROWS)
    if missing:
        age[rng.random(ROWS) < 0.3] = np.nan
    table = make_table({"area": area, "age": age, "price": price})
    data = TableData(
        **FILE,
        kind="table",
        target="price",
        group=None,
        task="regression",
        numbers=["area", "age"],
        categories=[],
        missing="mean",
        reference=None,
        split={"by": "rows", "column": None, "train": 80, "validation": 30, "test": 40},
    )
    return prepare(data, table, 0, 3)[0]


@pytest.mark.parametrize("noise", [0.0, 0.3])
@pytest.mark.parametrize("classes", [2, 3])
def test_classes(classes, noise):
    dataset = of_classes(classes, noise)
    loss, metrics = find_entry(LOSSES, "cross_entropy")(), find_metrics(("accuracy",))
    for number in range(2):
        rows = dataset.splits.train[number]
        seen = dataset.targets[rows] if noise == 0 else dataset.train_targets[number]
        assert (seen != dataset.targets[rows]).any() == (noise > 0)
        model = HistGradientBoostingClassifier().fit(dataset.inputs[rows].astype(float), seen)
        outputs = fit_trees(dataset, number, 0, ignore)
        of_split = replace(
            dataset,
            splits=replace(
                dataset.splits, **{s: dataset.splits[s][number : number + 1] for s in SPLITS}
            ),
            train_targets=None if noise == 0 else dataset.train_targets[number : number + 1],
        )
        stacked = {split: own[None] for split, own in outputs.items()}
        found = measure_outputs(of_split, loss, stacked, metrics)
        for split in SPLITS:
            own = dataset.splits[split][number]
            right = seen if split == "train" else dataset.targets[own]
            shares = model.predict_proba(dataset.inputs[own].astype(float))
            np.testing.assert_allclose(
                log_softmax(outputs[split], 1), np.log(shares), rtol=1e-9, atol=1e-12
            )
            wanted = log_loss(right, shares, labels=range(classes))
            assert found["loss"][split] == pytest.approx([wanted])
            assert found["accuracy"][split] == [accuracy_score(right, shares.argmax(1))]


@pytest.mark.parametrize("loss", ["mae", "mse"])
def test_numbers_with_missing_ones(loss):
    """Scikit-learn's own loss whatever is measured, in the unit of the scaled targets."""
    dataset = of_numbers()
    assert np.isnan(dataset.inputs).any()
    outputs = [fit_trees(dataset, number, 0, ignore) for number in range(3)]
    stacked = {split: np.stack([each[split] for each in outputs]) for split in SPLITS}
    measured = find_metrics(("rmse",))
    found = measure_outputs(dataset, find_entry(LOSSES, loss)(), stacked, measured)
    for number in range(3):
        rows, scale = dataset.splits.train[number], dataset.scaling.target_scale[number, 0]
        model = HistGradientBoostingRegressor()
        model.fit(dataset.inputs[rows].astype(float), dataset.targets[rows, 0].astype(float))
        for split in SPLITS:
            own = dataset.splits[split][number]
            guess = model.predict(dataset.inputs[own].astype(float))
            right = dataset.targets[own, 0].astype(float)
            wanted = mean_absolute_error(right, guess) / scale
            if loss == "mse":
                wanted = (root_mean_squared_error(right, guess) / scale) ** 2
            assert found["loss"][split][number] == pytest.approx(wanted, rel=1e-4)
            rmse = root_mean_squared_error(right, guess)
            assert found["rmse"][split][number] == pytest.approx(rmse, rel=1e-4)


def test_each_output_has_a_model_of_its_own():
    rng = np.random.default_rng(6)
    pixels = rng.gamma(2, size=(ROWS, 4))
    counts = {"train": 80, "validation": 30, "test": 40}
    table = make_table({**dict(zip("abcd", pixels.T, strict=True)), "label": ["?"] * ROWS})
    dataset, _, _ = prepare(images("structured", counts, input_noise=0.5), table, 0, 2)
    told = []
    outputs = fit_trees(dataset, 1, 0, told.append)
    assert told == [1] * 4
    rows, test = dataset.splits.train[1], dataset.splits.test[1]
    for output in range(4):
        centre = dataset.scaling.target_centre[1, output].astype(float)
        scale = dataset.scaling.target_scale[1, output].astype(float)
        model = HistGradientBoostingRegressor()
        model.fit(dataset.inputs[rows], (dataset.targets[rows, output] - centre) / scale)
        np.testing.assert_allclose(
            outputs["test"][:, output], model.predict(dataset.inputs[test]), rtol=1e-6
        )


@pytest.mark.parametrize("make", [of_classes, of_numbers])
def test_no_row_that_is_held_out_is_learnt_from(make):
    """Whatever stands in the rows of other splits, and in those of no split."""
    dataset = make()
    before = fit_trees(dataset, 1, 0, ignore)
    rows = dataset.splits.train[1]
    others = np.setdiff1d(np.arange(ROWS), rows)
    inputs, targets = dataset.inputs.copy(), dataset.targets.copy()
    inputs[others], targets[others] = 1e6, 0
    other = replace(dataset, inputs=inputs, targets=targets)
    np.testing.assert_array_equal(fit_trees(other, 1, 0, ignore)["train"], before["train"])


def test_another_replicate_has_another_split_and_the_same_again_the_same():
    dataset = of_classes()
    one, again, other = (fit_trees(dataset, k, 0, ignore) for k in (0, 0, 1))
    for split in SPLITS:
        np.testing.assert_array_equal(one[split], again[split])
        assert (one[split] != other[split]).any()


def test_a_class_too_rare_to_be_held_out_does_not_stop_it(monkeypatch):
    """scikit-learn holds rows out of many, and refuses a class with one row."""
    dataset = of_classes(splits=1)
    monkeypatch.setattr(trees, "ROWS_TO_STOP_EARLY", 50)
    made = []

    class Spy(HistGradientBoostingClassifier):
        def fit(self, *data):
            made.append(self.early_stopping)
            return super().fit(*data)

    monkeypatch.setattr("sklearn.ensemble.HistGradientBoostingClassifier", Spy)
    fit_trees(dataset, 0, 0, ignore)
    rare = dataset.targets.copy()
    rare[rare == 2] = 1
    rare[dataset.splits.train[0][0]] = 2
    fit_trees(replace(dataset, targets=rare), 0, 0, ignore)
    assert made == ["auto", False]


@pytest.mark.parametrize("rows", [1, 2, 80])
def test_few_rows_and_a_column_that_training_knows_nothing_of(rows):
    dataset = of_numbers()
    inputs = dataset.inputs.copy()
    inputs[dataset.splits.train[0], 1] = np.nan
    train = dataset.splits.train[:, :rows]
    few = replace(dataset, inputs=inputs, splits=replace(dataset.splits, train=train))
    outputs = fit_trees(few, 0, 0, ignore)
    assert outputs["train"].shape == (rows, 1)
    assert all(np.isfinite(own).all() for own in outputs.values())


@pytest.mark.parametrize(
    ("classes", "splits", "one_s", "all_s", "two_s", "fits"),
    [
        (3, 20, 1.0, 60.0, 600.0, 20),
        (3, 20, 1.0, 30.0, 600.0, 10),
        # Two classes are one sequence of trees.
        (2, 20, 1.0, 15.0, 600.0, 15),
        (3, 20, 1.0, 1.0, 600.0, 2),
        (3, 1, 1.0, 1.0, 600.0, 1),
        (3, 20, 1.0, 1.0, 5.0, 0),
    ],
)
def test_so_many_splits_as_half_a_minute_allows(
    monkeypatch, classes, splits, one_s, all_s, two_s, fits
):
    for name, seconds in (("SEQUENCE_S", one_s), ("ALL_S", all_s), ("TWO_S", two_s)):
        monkeypatch.setattr(trees, name, seconds)
    for name in ("INPUT_S", "NUMBER_S"):
        monkeypatch.setattr(trees, name, 0.0)
    assert number_of_fits(of_classes(classes, splits=splits)) == fits


def test_more_inputs_and_more_rows_take_longer():
    """A limit by sequences alone let wide data take hours."""
    small = of_classes(3, splits=20)
    wide = replace(small, inputs=np.zeros((len(small.inputs), 30_000), np.float32))
    assert number_of_fits(small) == 20
    assert number_of_fits(wide) < 20
