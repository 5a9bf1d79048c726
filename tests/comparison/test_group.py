"""Grouping, and the one line that asks where the runs do not tell."""

import numpy as np
import pandas as pd
import pytest

from depthgauge.comparison.group import group_runs
from depthgauge.comparison.runs import Asked, table_of_frame
from depthgauge.errors import InputError


def group(rows, **asked):
    given = Asked(**asked)
    return group_runs(table_of_frame("runs", pd.DataFrame(rows), given), given)


def rows(*keys, **columns):
    """A row for each combination of depth 0 to 2 and seed 0 to 4."""
    rng = np.random.default_rng(0)
    made = []
    for depth in range(3):
        for seed in range(5):
            row = {"depth": depth, "seed": seed, "test_loss": rng.random()}
            made.append({**row, **{name: of(depth, seed, rng) for name, of in columns.items()}})
    return made


def test_by_every_setting_but_the_seed():
    found = group(rows(batch=lambda *_: 32, width=lambda depth, *_: 8 * depth))
    assert found.settings == ("depth", "width")
    assert found.seed == ("seed",)
    assert found.values.shape == (5, 3)


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("grad_norm", lambda depth, seed, rng: rng.random()),
        ("output_dir", lambda depth, seed, rng: f"/runs/{depth}/{seed}"),
        ("started", lambda depth, seed, rng: f"2026-01-0{depth + 1}T0{seed}:00"),
        ("wandb_hash", lambda depth, seed, rng: f"{rng.integers(2**60):x}"),
    ],
)
def test_what_is_no_setting_is_left_out_and_told(name, of):
    found = group(rows(**{name: of}))
    assert found.settings == ("depth",)
    assert any(name in note for note in found.notes)


def test_a_setting_tried_at_random_is_never_taken_for_luck():
    tried = [{"lr": k / 7, "seed": k, "test_loss": k} for k in range(9)]
    assert group(tried).settings == ("lr",)
    assert (group(tried).runs == 1).all()


def test_a_number_written_in_two_ways_is_one():
    frame = [{"lr": text, "seed": s, "loss": s} for s, text in enumerate(["0.1", "0.10", "1e-1"])]
    frame += [{"lr": "0.2", "seed": s, "loss": s} for s in range(3)]
    assert group(frame).runs.tolist() == [3, 3]


def test_a_model_known_by_its_name_alone():
    frame = [{"name": n, "seed": s, "accuracy": s} for n in ("vit", "resnet") for s in range(3)]
    assert group(frame).settings == ("name",)


def test_runs_without_a_seed_are_repetitions():
    frame = [{"lr": lr, "loss": k} for lr in (0.1, 0.2) for k in range(4)]
    found = group(frame)
    assert (found.seed, found.runs.tolist()) == ((), [4, 4])


def test_several_seeds_are_asked_about_and_the_first_is_the_unit():
    frame = rows(data_seed=lambda depth, seed, rng: seed % 2)
    frame = [{**row, "test_loss": row["seed"]} for row in frame]
    with pytest.raises(InputError, match=r"seed and data_seed may each be the seed.*--seed"):
        group(frame)
    found = group(frame, seed=("data_seed", "seed"))
    assert found.values.tolist() == [[2, 2, 2], [2, 2, 2]]


def test_a_run_that_was_repeated_counts_once():
    frame = [*rows(), {"depth": 0, "seed": 0, "test_loss": 7.0}]
    found = group(frame)
    assert found.values[0, 0] == 7
    assert any("1 run repeats" in note for note in found.notes)


def test_what_tells_repeated_runs_apart_is_asked_about():
    frame = [{**row, "data_path": path} for row in rows() for path in ("a.csv", "b.csv")]
    with pytest.raises(InputError, match=r"differ in data_path.*--by"):
        group(frame)
    assert group(frame, by=("depth", "data_path")).values.shape == (5, 6)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"test_loss": 1.0, "test_acc": 1.0}, "which of test_loss, test_acc is compared.*--metric"),
        ({"quality": 1.0}, "which column is compared.*--metric"),
    ],
)
def test_the_metric_is_asked_for(columns, said):
    with pytest.raises(InputError, match=said):
        group([{"depth": d, "seed": s, **columns} for d in range(2) for s in range(2)])


def test_which_way_is_better_is_asked_for():
    frame = [{"depth": d, "seed": s, "quality": s / 7} for d in range(2) for s in range(2)]
    with pytest.raises(InputError, match="--higher-is-better or --lower-is-better"):
        group(frame, metric="quality")
    assert group(frame, metric="quality", higher=True).higher


def test_a_size_is_no_setting():
    found = group(rows(n_params=lambda depth, *_: 100 * (3 - depth)))
    assert found.settings == ("depth",)
    assert found.size.tolist() == [300, 200, 100]
