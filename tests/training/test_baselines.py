from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import entropy
from sklearn.dummy import DummyClassifier
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score, log_loss, r2_score

from depthgauge.entries import entry_names, find_entry
from depthgauge.training.baselines import measure_baselines, measure_outputs, reference_loss
from depthgauge.training.losses.loss import LOSSES as PACKAGE
from depthgauge.training.metrics.metric import find_metrics
from tests.data.make import images, make_table, prepare, prepare_classes
from tests.data.make import series as series_data

NUMBER_LOSSES = {name: find_entry(PACKAGE, name)() for name in entry_names(PACKAGE)}
SPLITS = ("train", "validation", "test")


def mean_losses(dataset, loss, guesses):
    """{name: {split: mean loss}}."""
    found = measure_baselines(dataset, loss, guesses, {})
    return {n: {s: float(v.mean()) for s, v in of["loss"].items()} for n, of in found.items()}


LOSSES = {"mae": torch.nn.L1Loss(), "mse": torch.nn.MSELoss(), "huber": torch.nn.HuberLoss()}


def series(window, horizon=1, steps=1):
    rng = np.random.default_rng(0)
    days = np.datetime64("2020-01-01") + np.arange(80)
    values = 5 + rng.gamma(2, size=80)
    data = series_data(
        inputs=["other", "views"],
        window=window,
        horizon=horizon,
        steps=steps,
        split={"validation_days": 12, "test_days": 12},
    )
    table = make_table({"day": days, "other": rng.normal(size=80), "views": values})
    dataset, encoder, _ = prepare(data, table)
    return values, dataset, encoder.guesses(dataset)


def scaled_loss(dataset, loss, guess, split, s=0):
    rows = dataset.splits[split][s]
    scale = dataset.scaling.target_scale[s].astype(float)
    pair = (torch.tensor(x[rows].astype(float) / scale) for x in (guess, dataset.targets))
    return float(LOSSES[loss](*pair))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("horizon", "steps"), [(1, 1), (3, 1), (1, 4), (5, 9)])
def test_forecasts_look_back_from_each_predicted_day(loss, horizon, steps):
    values, dataset, guesses = series(14, horizon, steps)
    first_day = np.array(dataset.row_names, dtype="datetime64[D]") - np.datetime64("2020-01-01")
    last_input = first_day.astype(int) - horizon
    persistence = np.stack([values[last_input]] * steps, axis=1)
    seasonal = np.empty_like(persistence)
    for row, last in enumerate(last_input):
        for step in range(steps):
            day = last + horizon + step
            while day > last:
                day -= 7
            seasonal[row, step] = values[day]
    np.testing.assert_array_equal(guesses["persistence"], persistence.astype(np.float32))
    np.testing.assert_array_equal(guesses["seasonal_naive"], seasonal.astype(np.float32))
    losses = mean_losses(dataset, NUMBER_LOSSES[loss], guesses)
    for name, guess in (("persistence", persistence), ("seasonal_naive", seasonal)):
        for split in SPLITS:
            assert losses[name][split] == pytest.approx(
                scaled_loss(dataset, loss, guess, split), rel=1e-5
            )


@pytest.mark.parametrize("loss", LOSSES)
def test_no_constant_fits_training_better(loss):
    _, dataset, _ = series(7)
    best = reference_loss(dataset, NUMBER_LOSSES[loss])
    targets = dataset.targets[dataset.splits.train[0], 0]
    losses = [
        scaled_loss(dataset, loss, np.full_like(dataset.targets, constant), "train")
        for constant in np.linspace(targets.min(), targets.max(), 400)
    ]
    assert best <= min(losses) + 1e-9
    assert best == pytest.approx(min(losses), rel=1e-3)


def test_what_is_learnt_by_heart_lies_below_the_truth_where_it_is_known():
    _, dataset, _ = series(7)
    loss = NUMBER_LOSSES["mse"]
    known = replace(dataset, reference=dataset.targets + np.float32(0.5))
    truth = mean_losses(known, loss, {})["reference"]["train"]
    assert reference_loss(known, loss) == truth
    assert reference_loss(dataset, loss) == mean_losses(dataset, loss, {})["constant"]["train"]


@pytest.mark.parametrize(("window", "week"), [(6, False), (7, True), (8, True)])
def test_a_week_ago_needs_a_window_of_a_week(window, week):
    assert ("seasonal_naive" in series(window)[2]) == week


def test_a_column_that_is_no_input_is_no_guess():
    rng = np.random.default_rng(0)
    days = np.datetime64("2020-01-01") + np.arange(80)
    table = make_table({"day": days, "other": rng.normal(size=80), "views": rng.normal(size=80)})
    dataset, encoder, _ = prepare(series_data(inputs=["other"]), table)
    assert encoder.guesses(dataset) == {}


@pytest.mark.parametrize("loss", LOSSES)
def test_each_replicate_has_its_own_constants_and_scale(loss):
    rng = np.random.default_rng(4)
    pixels = rng.gamma(2, size=(60, 4))
    # A pixel without ink.
    pixels[:, 0] = 0
    counts = {"train": 30, "validation": 10, "test": 20}
    table = make_table({**dict(zip("abcd", pixels.T, strict=True)), "label": ["?"] * 60})
    dataset, encoder, _ = prepare(images("structured", counts, input_noise=0.5), table, 0, 3)
    losses = mean_losses(dataset, NUMBER_LOSSES[loss], encoder.guesses(dataset))
    for split in SPLITS:
        noisy = [scaled_loss(dataset, loss, dataset.inputs, split, s) for s in range(3)]
        assert losses["noisy_image"][split] == pytest.approx(np.mean(noisy), rel=1e-5)
    if loss != "huber":
        best = np.median if loss == "mae" else np.mean
        for split in SPLITS:
            constant = []
            for s in range(3):
                guess = best(dataset.targets[dataset.splits.train[s]].astype(float), axis=0)
                guess = np.broadcast_to(guess, (60, 4))
                constant.append(scaled_loss(dataset, loss, guess, split, s))
            assert losses["constant"][split] == pytest.approx(np.mean(constant), rel=1e-5)


def test_reference_is_the_loss_of_the_best_possible_prediction():
    _, dataset, _ = series(7)
    reference = dataset.targets + np.float32(0.5)
    losses = mean_losses(replace(dataset, reference=reference), NUMBER_LOSSES["mae"], {})
    scale = float(dataset.scaling.target_scale[0, 0])
    for split in SPLITS:
        assert losses["reference"][split] == pytest.approx(0.5 / scale, rel=1e-5)


def test_class_guesses_agree_with_scikit_learn():
    rng = np.random.default_rng(1)
    labels = rng.choice(3, p=[0.5, 0.3, 0.2], size=120)
    pixels = rng.normal(size=(120, 2))
    counts = {"train": 60, "validation": 25, "test": 30}
    dataset = prepare_classes(
        pixels,
        ["a", "b"],
        [str(x) for x in labels],
        [str(i) for i in range(120)],
        counts,
        0,
        6,
        "all",
        0.0,
    )
    loss, accuracy = NUMBER_LOSSES["cross_entropy"], find_metrics(("accuracy",))
    (found,) = measure_baselines(dataset, loss, {}, accuracy).values()
    assert reference_loss(dataset, NUMBER_LOSSES["cross_entropy"]) is None
    for split in SPLITS:
        errors, cross_entropies = [], []
        for train, rows in zip(dataset.splits.train, dataset.splits[split], strict=True):
            dummy = DummyClassifier(strategy="prior").fit(pixels[train], labels[train])
            errors.append(1 - dummy.score(pixels[rows], labels[rows]))
            guess = dummy.predict_proba(pixels[rows])
            cross_entropies.append(log_loss(labels[rows], guess, labels=[0, 1, 2]))
        assert 1 - found["accuracy"][split] == pytest.approx(errors)
        assert found["loss"][split] == pytest.approx(cross_entropies)
    tally = [np.bincount(labels[rows]) for rows in dataset.splits.train]
    assert found["loss"]["train"] == pytest.approx([entropy(counts) for counts in tally])


def test_noisy_training_labels_count_in_training_alone():
    labels = ["a", "b"] * 50
    pixels = np.arange(200.0).reshape(100, 2)
    counts = {"train": 60, "validation": 20, "test": 20}
    rows = [str(row) for row in range(100)]
    dataset = prepare_classes(pixels, ["x", "y"], labels, rows, counts, 0, 4, "all", 0.3)
    losses = mean_losses(dataset, NUMBER_LOSSES["cross_entropy"], {})["class_frequencies"]
    shares = [np.bincount(row) / 60 for row in dataset.train_targets]
    assert losses["train"] == pytest.approx(np.mean([entropy(share) for share in shares]))
    test = [np.bincount(dataset.targets[row]) / 20 for row in dataset.splits.test]
    assert losses["test"] == pytest.approx(
        np.mean([entropy(a) + entropy(a, b) for a, b in zip(test, shares, strict=True)])
    )


def test_baselines_in_metrics_are_those_of_scikit_learns_dummies():
    rng = np.random.default_rng(1)
    labels = rng.choice(3, p=[0.5, 0.3, 0.2], size=120)
    counts = {"train": 50, "validation": 20, "test": 40}
    dataset = prepare_classes(
        rng.random((120, 2)),
        ["a", "b"],
        [str(k) for k in labels],
        [str(k) for k in range(120)],
        counts,
        0,
        3,
        "all",
        0.0,
    )
    names = ("accuracy", "balanced_accuracy", "macro_f1")
    loss = NUMBER_LOSSES["cross_entropy"]
    found = measure_baselines(dataset, loss, {}, find_metrics(names))["class_frequencies"]
    for split in SPLITS:
        scores = {name: [] for name in names}
        for s in range(3):
            rows, train = dataset.splits[split][s], dataset.splits.train[s]
            dummy = DummyClassifier(strategy="most_frequent")
            dummy.fit(train[:, None], dataset.targets[train])
            said, right = dummy.predict(rows[:, None]), dataset.targets[rows]
            scores["accuracy"].append(accuracy_score(right, said))
            scores["balanced_accuracy"].append(balanced_accuracy_score(right, said))
            scores["macro_f1"].append(f1_score(right, said, average="macro"))
        for name in names:
            assert found[name][split] == pytest.approx(scores[name])


@pytest.mark.parametrize("loss", ["mae", "mse"])
def test_baselines_of_numbers_in_metrics(loss):
    _, dataset, guesses = series(14)
    of_loss = NUMBER_LOSSES[loss]
    found = measure_baselines(dataset, of_loss, guesses, find_metrics(("mae", "r2")))
    scale = float(dataset.scaling.target_scale[0, 0])
    in_mae = mean_losses(dataset, NUMBER_LOSSES["mae"], guesses)
    for name in guesses:
        for split in SPLITS:
            rows = dataset.splits[split][0]
            assert found[name]["mae"][split] == pytest.approx([in_mae[name][split] * scale])
            wanted = r2_score(dataset.targets[rows], guesses[name][rows])
            assert found[name]["r2"][split] == pytest.approx([wanted], rel=1e-5)
    constant = dataset.targets[dataset.splits.train[0]].astype(float)
    best = np.median(constant) if loss == "mae" else np.mean(constant)
    error = np.abs(dataset.targets[dataset.splits.test[0]] - best).mean()
    assert found["constant"]["mae"]["test"] == pytest.approx([error], rel=1e-5)


class Doubled(NUMBER_LOSSES["cross_entropy"].__class__):
    """A loss of classes of a person's own."""

    def per_example(self, outputs, targets):
        return 2 * super().per_example(outputs, targets)


def test_of_classes_it_is_the_loss_that_is_measured():
    rng = np.random.default_rng(3)
    labels = [str(k) for k in rng.choice(3, size=80)]
    counts = {"train": 40, "validation": 15, "test": 20}
    rows = [str(k) for k in range(80)]
    dataset = prepare_classes(rng.random((80, 2)), ["a", "b"], labels, rows, counts, 0, 3, "all", 0)
    known = mean_losses(dataset, NUMBER_LOSSES["cross_entropy"], {})["class_frequencies"]
    found = mean_losses(dataset, Doubled(), {})["class_frequencies"]
    assert found == pytest.approx({split: 2 * value for split, value in known.items()})


def test_fewer_sets_of_outputs_are_measured_against_their_own_targets():
    rng = np.random.default_rng(3)
    pixels = rng.random((60, 4))
    counts = {"train": 30, "validation": 10, "test": 20}
    table = make_table({**dict(zip("abcd", pixels.T, strict=True)), "label": ["?"] * 60})
    dataset, _, _ = prepare(images("structured", counts, input_noise=0.5), table, 0, 3)
    outputs = {split: rng.normal(size=(2, n, 4)) for split, n in dataset.splits.sizes.items()}
    loss, metrics = NUMBER_LOSSES["mse"], find_metrics(("rmse",))
    found = measure_outputs(dataset, loss, outputs, metrics)
    for split in SPLITS:
        for s in range(2):
            centre, scale = (
                v[s].astype(float)
                for v in (dataset.scaling.target_centre, dataset.scaling.target_scale)
            )
            targets = (dataset.targets[dataset.splits[split][s]] - centre) / scale
            wanted = np.mean((outputs[split][s] - targets) ** 2)
            assert found["loss"][split][s] == pytest.approx(wanted)
        assert found["rmse"][split].shape == (2,)
