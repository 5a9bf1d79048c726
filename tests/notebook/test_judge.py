"""`dg.judge`: losses from anywhere, held against the judgement that the pipeline has."""

import doctest
import re

import numpy as np
import pandas as pd
import pytest

import depthgauge as dg
from depthgauge.notebook import judge as module
from depthgauge.seeds import Purpose, generator
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import PointLosses, view_losses
from depthgauge.statistics.stopping import stopped
from tests.rules import RULES

POINTS, REPLICATES, EPOCHS, TESTED, POOL = (1, 2, 4, 8), 12, 5, 6, 15
FEWER = {"resamples": 1000, "stability_resamples": 100}
SPLITS = ("train", "validation", "test")


def measured(seed=0):
    """Point by point what training would have recorded, overfitting from 4 on."""
    rng = np.random.default_rng(seed)
    rows = np.stack([np.sort(rng.permutation(POOL)[:TESTED]) for _ in range(REPLICATES)])
    found = []
    for point in POINTS:
        each = rng.exponential(1 + 0.3 * (point - 2) ** 2, (REPLICATES, TESTED))
        curves = {
            f"{split}_loss": rng.exponential(1 / point, (REPLICATES, EPOCHS)) for split in SPLITS
        }
        curves["test_loss"][:, -1] = each.mean(axis=1)
        found.append(PointLosses(curves, stopped(curves), rows, {"last": each}, {}, {}))
    return found


def frames(points=POINTS, found=None):
    """The same as a long frame with epochs, and the losses of examples, in any order."""
    found = found or measured()
    long = [
        (point, r, split, epoch, loss)
        for point, each in zip(points, found, strict=True)
        for split in SPLITS
        for r, curve in enumerate(each.curves[f"{split}_loss"])
        for epoch, loss in enumerate(curve)
    ]
    examples = [
        (point, r, row, loss)
        for point, each in zip(points, found, strict=True)
        for r in range(REPLICATES)
        for row, loss in zip(each.test_rows[r], each.test_losses["last"][r], strict=True)
    ]
    frame = pd.DataFrame(long, columns=["point", "replicate", "split", "epoch", "loss"])
    rows = pd.DataFrame(examples, columns=["point", "replicate", "row", "loss"])
    return frame, rows


def last(frame):
    """Without epochs."""
    return frame[frame["epoch"] == EPOCHS - 1].drop(columns="epoch")


def shuffled(frame):
    return frame.sample(frac=1, random_state=1)


def test_it_says_what_the_pipeline_says_of_the_same_losses():
    found = measured()
    frame, examples = frames()
    result = dg.judge(
        shuffled(frame), examples=shuffled(examples), point="point", seed=3, threshold=FEWER
    )
    clusters = np.arange(REPLICATES)
    share = 1 - TESTED / POOL
    made = ["last"], POOL, 0.1, 1.0, clusters, None, share
    view = view_losses(POINTS, found, made[0][0], *made[1:])
    expected = judge(view, RULES, generator(3, Purpose.BOOTSTRAP, 0))
    rows = result.frame[result.frame["stopping"] == "last"].reset_index(drop=True)
    for row, point in zip(rows.itertuples(), expected.points, strict=True):
        assert (row.point, row.on_this_data) == (point.point, point.on_this_data)
        assert row.for_new_data == point.for_new_data
        assert row.test_loss == pytest.approx(point.means["test_loss"], rel=1e-12)
        if point.comparison is not None:
            assert row.test_difference == pytest.approx(point.comparison.difference)
            if point.comparison.adjusted_p is not None:
                assert row.adjusted_p == pytest.approx(point.comparison.adjusted_p)
                lower = point.comparison.new_data.lower
                assert row.new_data_lower_bound == pytest.approx(lower, rel=1e-6)
    first = result.verdicts.loc["fixed", "last"]
    assert first["threshold"] == expected.on_this_data.threshold is not None
    assert first["best"] == expected.best
    assert first["stability"] == expected.stability


def test_curves_are_judged_at_early_stopping_too():
    frame, _ = frames()
    result = dg.judge(frame, threshold=FEWER)
    assert list(result.verdicts.index) == [("fixed", "last"), ("fixed", "validation")]
    early = result.frame[result.frame["stopping"] == "validation"]
    for row, each in zip(early.itertuples(), measured(), strict=True):
        epochs = each.curves["validation_loss"].argmin(axis=1)
        tests = each.curves["test_loss"][np.arange(REPLICATES), epochs]
        assert row.test_loss == pytest.approx(tests.mean())


def test_without_epochs_nothing_is_said_of_what_still_falls():
    frame, _ = frames()
    result = dg.judge(last(frame), threshold=FEWER)
    assert list(result.verdicts.index) == [("fixed", "last")]
    assert result.frame["still_falling"].isna().all()
    assert result.frame["memorised_replicates"].isna().all()


def test_without_the_losses_of_examples_nothing_is_said_of_new_data():
    frame, examples = frames()
    without, known = dg.judge(last(frame)), dg.judge(last(frame), examples=examples)
    assert "Nothing is said of new test data" in without.answer
    assert "takes the loss of every test example" not in known.answer
    assert set(without.frame["for_new_data"]) == {"best", "before best", "cannot tell"}
    assert "cannot tell: that takes the loss of every test example" in without.to_html()
    assert set(without.frame["on_this_data"]) == set(known.frame["on_this_data"])


def test_without_validation_losses_the_test_chooses_and_the_words_say_so():
    frame, _ = frames()
    frame = last(frame)
    result = dg.judge(frame[frame["split"] != "validation"])
    assert "Test loss chooses" in result.answer
    assert "its own test loss flatters it" in result.answer
    assert set(result.losses["split"]) == {"train", "test"}
    assert "Validation loss chooses" in dg.judge(frame).answer


def test_the_page_says_nothing_twice():
    frame, examples = frames()
    result = dg.judge(last(frame), examples=examples)
    text = " ".join(re.sub("<[^>]*>", "", result.to_html()).split())
    for said in ("Validation loss chooses", "came out in"):
        assert said in result.answer
        assert text.count(said) == 1
    assert "Mean train and test loss with the losses as given" in text


def test_what_was_judged_can_be_judged_again():
    frame, _ = frames()
    first = dg.judge(last(frame))
    again = dg.judge(first.losses)
    assert again.answer == first.answer
    pd.testing.assert_frame_equal(again.frame, first.frame)


def test_a_replicate_that_diverged_is_left_out_and_one_alone_cannot_tell():
    frame = last(frames()[0])
    gone = (frame["point"] == 8) & (frame["replicate"] == 0)
    result = dg.judge(frame.assign(loss=frame["loss"].where(~gone)))
    assert list(result.frame["finite_replicates"]) == [REPLICATES] * 3 + [REPLICATES - 1]
    one = dg.judge(frame[frame["replicate"] == 5])
    assert one.answer.endswith("1 replicate cannot tell luck from a difference.")


def test_where_large_is_simple_the_axis_is_read_from_there():
    frame = last(frames(points=[8, 4, 2, 1])[0])
    result = dg.judge(frame, simpler="large")
    straight = dg.judge(last(frames()[0]))
    assert list(result.frame["point"]) == [8, 4, 2, 1]
    assert list(result.frame["on_this_data"]) == list(straight.frame["on_this_data"])


def test_a_train_loss_that_rises_along_the_axis_is_pointed_out():
    frame = last(frames()[0])
    rising = frame.assign(
        loss=frame["loss"].where(frame["split"] != "train", frame["point"] + frame["loss"])
    )
    said = "Train loss rises from point 1 to point 8"
    assert said in dg.judge(rising).answer
    assert said not in dg.judge(frame).answer


def test_columns_have_any_names_and_the_points_give_theirs_to_the_words():
    frame, examples = frames()
    own = {"point": "C", "replicate": "seed", "loss": "nll", "split": "part", "row": "id"}
    names = {old: new for old, new in own.items() if old != "row"}
    result = dg.judge(
        last(frame).rename(columns=own), examples=examples.rename(columns=own), row="id", **names
    )
    assert "at C=" in result.answer
    assert result.frame["axis"].eq("C").all()
    odd = dg.judge(last(frame).rename(columns={"point": "my point [s]"}), point="my point [s]")
    assert "my point [s]" in odd.plot().svg()


def test_groups_are_the_unit_where_rows_have_them():
    frame, examples = frames()
    result = dg.judge(last(frame), examples=examples.assign(group=examples["row"] // 3))
    assert result.frame["for_new_groups"].notna().all()
    assert "groups" in result.answer


def one(frame, **changed):
    """The frame with other values in its first row."""
    frame = frame.reset_index(drop=True).astype({name: object for name in changed})
    for name, value in changed.items():
        frame.loc[0, name] = value
    return frame


BAD = [
    (lambda f: f.drop(columns="loss"), "frame: has no column 'loss'; it has point, replicate, spl"),
    (lambda f: f.iloc[:0], "frame: has no rows"),
    (lambda f: f.to_numpy(), "frame: is a ndarray; a pandas DataFrame is needed"),
    (lambda f: pd.concat([f, f[:1]]), "frame: point 1, replicate 0: train is given twice"),
    (lambda f: f[1:], "frame: point 1, replicate 0: has no train loss; give every replicate of"),
    (lambda f: f[f["split"] != "train"], "frame: split: there is no 'train'; what rises with"),
    (lambda f: f[f["split"] != "test"], "frame: split: there is no 'test'"),
    (lambda f: one(f, split="val"), "frame: split 'val' is none of train, validation, test"),
    (lambda f: one(f, loss="much"), "frame: loss 'much' is no number"),
    (lambda f: one(f, loss=-0.5), r"frame: point 1, replicate 0: loss -0.5 is below 0; of a score"),
    (lambda f: one(f, replicate=None), "frame: replicate: row 0 has none"),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_a_frame_that_cannot_be_judged_is_refused_in_one_line(change, said):
    with pytest.raises(ValueError, match=said) as refusal:
        dg.judge(change(last(frames()[0])))
    assert "\n" not in str(refusal.value)


BAD_EXAMPLES = [
    (lambda e: e.drop(columns="row"), "examples: has no column 'row'"),
    (lambda e: e[1:], "examples: point 1, replicate 0: has no row .*, which another point has"),
    (lambda e: pd.concat([e, e[:1]]), "examples: point 1, replicate 0, row .*: is given twice"),
    (lambda e: one(e, point=3), "examples: point 3 is not in the frame"),
    (lambda e: e[e["replicate"] != 4], "examples: replicate 4: has no test example"),
    (lambda e: e.assign(loss=2 * e["loss"]), "examples: point 1, replicate 0: their mean is"),
    (lambda e: e.assign(group=range(len(e))), "examples: row .*: is of group .* and of"),
]


@pytest.mark.parametrize(("change", "said"), BAD_EXAMPLES)
def test_losses_of_examples_that_do_not_fit_are_refused_in_one_line(change, said):
    frame, examples = frames()
    with pytest.raises(ValueError, match=said) as refusal:
        dg.judge(last(frame), examples=change(examples))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"threshold": {"marge": 1}}, "threshold: 'marge' is none of margin, alpha"),
        ({"threshold": {"margin": 3}}, "threshold: margin: .* less than 1, not 3"),
        ({"resampled": True, "training_share": 2}, "training_share: 2 must lie between 0 and 1"),
    ],
)
def test_arguments_that_cannot_be_are_named(asked, said):
    with pytest.raises(ValueError, match=said):
        dg.judge(last(frames()[0]), **asked)


def test_the_example_in_its_words_runs():
    assert doctest.testmod(module).attempted > 0
    assert doctest.testmod(module).failed == 0


def test_what_early_stopping_makes_of_the_overfitting_is_told_with_its_code():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"point": point, "replicate": r, "split": split, "epoch": epoch, "loss": loss}
        for epoch in (0, 1)
        for point in (1, 2)
        for split, mean in {
            "train": 0.8 / (1 + epoch * point),
            "validation": 1 + epoch,
            "test": 1 + 0.5 * epoch * (point - 1),
        }.items()
        for r, loss in enumerate(mean * rng.normal(1, 0.005, REPLICATES))
    )
    result = dg.judge(frame, threshold=FEWER)
    assert {"DG121", "DG103", "DG201"} <= set(result.codes)
    assert (
        repr(result)
        == f"{result.answer}\nCodes: {', '.join(result.codes)} (depthgauge explain CODE)"
    )
    html = result.to_html()
    assert re.search(r'removes the rise .*<span class="code">DG201</span></li>', html)
    assert 'overfits <span class="code">DG103</span>' in html
    assert "DG" not in result.answer
    # One view alone has nothing that could cure it.
    alone = dg.judge(frame[frame["split"] != "validation"], threshold=FEWER)
    assert not [code for code in alone.codes if code.startswith("DG2")]
