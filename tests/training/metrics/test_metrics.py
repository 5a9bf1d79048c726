"""What every metric must do, whichever there are; those that scikit-learn has do as it does."""

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.entries import entry_names, find_entry

PACKAGE = "depthgauge.training.metrics"
NAMES = entry_names(PACKAGE)


def softmax(logits):
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


def of_classes(score):
    return lambda outputs, targets, scale: score(targets, outputs.argmax(-1))


# Of one replicate: (outputs (n, K), targets, scale).
REFERENCES = {
    "accuracy": of_classes(sklearn.metrics.accuracy_score),
    "balanced_accuracy": of_classes(sklearn.metrics.balanced_accuracy_score),
    "macro_f1": of_classes(lambda t, guess: sklearn.metrics.f1_score(t, guess, average="macro")),
    "auc": lambda o, t, scale: sklearn.metrics.roc_auc_score(t, o[:, 1] - o[:, 0]),
    "average_precision": lambda o, t, scale: sklearn.metrics.average_precision_score(
        t, o[:, 1] - o[:, 0]
    ),
    "mae": lambda o, t, scale: scale * sklearn.metrics.mean_absolute_error(t.ravel(), o.ravel()),
    "cross_entropy": lambda o, t, scale: sklearn.metrics.log_loss(
        t, softmax(o), labels=range(o.shape[1])
    ),
    "rmse": lambda o, t, scale: (
        scale * sklearn.metrics.root_mean_squared_error(t.ravel(), o.ravel())
    ),
    "r2": lambda o, t, scale: sklearn.metrics.r2_score(t, o),
}


def judged():
    """The metrics that can be judged."""
    found = [find_entry(PACKAGE, name) for name in NAMES]
    return [metric for metric in found if metric.parts is not None]


def drawn(metric, seed, replicates=3, rows=40):
    """Outputs, targets and scales of a metric's own kind; outputs say something of the targets."""
    rng = np.random.default_rng(seed)
    width = metric.of_classes or int(rng.integers(2, 5))
    outputs = rng.normal(0, 1, (replicates, rows, width))
    scale = rng.uniform(0.5, 2, replicates)
    if not metric.classes:
        return outputs, outputs + rng.normal(0, 1, outputs.shape), scale
    # Rounded: some outputs tie. Every class occurs, the last one seldom.
    targets = (outputs + rng.normal(0, 1, outputs.shape)).argmax(-1)
    targets[:, :width] = np.arange(width)
    return outputs.round(1), targets, np.ones(replicates)


@pytest.fixture(params=NAMES)
def metric(request):
    return find_entry(PACKAGE, request.param)


@pytest.mark.parametrize("name", sorted(REFERENCES))
@pytest.mark.parametrize("seed", range(5))
def test_it_is_scikit_learns(name, seed):
    found = find_entry(PACKAGE, name)
    outputs, targets, scale = drawn(found, seed)
    wanted = [REFERENCES[name](*one) for one in zip(outputs, targets, scale, strict=True)]
    np.testing.assert_allclose(found.of(outputs, targets, scale), wanted, rtol=1e-12)


@given(seed=st.integers(0, 2**32 - 1))
def test_replicates_do_not_touch_each_other(seed):
    for name in NAMES:
        found = find_entry(PACKAGE, name)
        outputs, targets, scale = drawn(found, seed)
        values = found.of(outputs, targets, scale)
        assert values.shape == (3,)
        assert values.dtype == np.float64
        for r in range(3):
            alone = found.of(outputs[r : r + 1], targets[r : r + 1], scale[r : r + 1])
            assert alone[0] == values[r]


@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_examples_does_not_matter(seed):
    order = np.random.default_rng(seed).permutation(40)
    for name in NAMES:
        found = find_entry(PACKAGE, name)
        outputs, targets, scale = drawn(found, seed)
        values = found.of(outputs, targets, scale)
        other = found.of(outputs[:, order], targets[:, order], scale)
        np.testing.assert_allclose(other, values, rtol=1e-12)


def test_it_is_defined_for_classes_or_for_numbers(metric):
    assert metric.words
    wanted = [k for k in (0, 2, 3, 10) if metric.classes == bool(k)]
    if metric.of_classes is not None:
        wanted = [metric.of_classes]
    assert [k for k in (0, 2, 3, 10) if metric.fits(k)] == wanted


def test_outputs_that_are_no_numbers_spoil_their_replicate_alone(metric):
    outputs, targets, scale = drawn(metric, 0)
    values = metric.of(outputs, targets, scale)
    outputs[1, 3] = np.nan
    with np.errstate(all="ignore"):
        spoiled = metric.of(outputs, targets, scale)
    assert spoiled[[0, 2]].tolist() == values[[0, 2]].tolist()


@given(seed=st.integers(0, 2**32 - 1))
def test_the_mean_of_its_parts_is_the_metric(seed):
    for found in judged():
        outputs, targets, scale = drawn(found, seed)
        parts = found.parts(outputs, targets, scale)
        assert parts.shape == (3, 40)
        np.testing.assert_allclose(parts.mean(1), found.of(outputs, targets, scale), rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_a_part_is_what_the_metric_changes_by_when_its_example_weighs_more(seed):
    # Every example often, one of them once more: its weight is greater by 1 / often.
    often = 400
    for found in judged():
        outputs, targets, scale = drawn(found, seed, 1, 12)
        parts = found.parts(outputs, targets, scale)[0]
        for k in range(12):
            rows = np.concatenate([np.tile(np.arange(12), often), [k]])
            more = found.of(outputs[:, rows], targets[:, rows], scale)[0]
            change = (more - parts.mean()) * len(rows)
            assert parts[k] - parts.mean() == pytest.approx(change, abs=0.02, rel=0.02)


def test_where_a_metric_is_undefined_its_parts_are():
    outputs = np.array([[[0.0, 1.0], [1.0, 0.0]]])
    for name in ("auc", "average_precision"):
        found = find_entry(PACKAGE, name)
        assert np.isnan(found.parts(outputs, np.array([[0, 0]]), np.ones(1))).all()


def test_costs_are_the_less_the_better(metric):
    values = np.array([0.25, 0.5])
    assert metric.costs(values).tolist() == ([0.75, 0.5] if metric.higher else [0.25, 0.5])
    assert metric.cost


def test_where_it_is_undefined_it_is_not_a_number():
    outputs = np.array([[[0.0, 1.0], [1.0, 0.0]]])
    same = np.array([[1, 1]])
    assert np.isnan(find_entry(PACKAGE, "auc").of(outputs, same, np.ones(1)))
    # One class alone occurs, and half of it is recognised.
    assert find_entry(PACKAGE, "balanced_accuracy").of(outputs, same, np.ones(1)) == [0.5]
    constant = np.ones((1, 2, 2))
    assert np.isnan(find_entry(PACKAGE, "r2").of(outputs, constant, np.ones(1)))
