"""Every form in which trackers export runs gives the same runs."""

import numpy as np
import pandas as pd
import pytest

from depthgauge.comparison.chart import settings_of_name
from depthgauge.comparison.group import group_runs
from depthgauge.comparison.runs import Asked, table_of_frame
from depthgauge.comparison.tables import read_table
from depthgauge.errors import InputError
from tests.comparison.runs import by_configuration, planted

LEVELS = [1.0, 0.9, 1.2]


def long(frame, path):
    frame.sample(frac=1, random_state=0).to_csv(path / "runs.csv", index=False)
    return path / "runs.csv"


def semicolons(frame, path):
    frame.rename(columns={"run_id": 'a "run"'}).to_csv(path / "runs.csv", index=False, sep=";")
    return path / "runs.csv"


def parquet(frame, path):
    frame.astype({"config.depth": "category"}).to_parquet(path / "runs.parquet")
    return path / "runs.parquet"


def wide(frame, path):
    last = frame[frame.step == frame.step.max()].drop(columns=["step", "run_id"])
    last.to_csv(path / "runs.csv", index=False)
    return path / "runs.csv"


def wandb_table(frame, path):
    last = frame[frame.step == frame.step.max()].drop(columns="step")
    last = last.rename(columns=lambda name: name.removeprefix("config."))
    last.insert(0, "Name", last.pop("run_id"))
    last.insert(1, "Created", [f"2026-01-01T00:00:{k:02d}.000Z" for k in range(len(last))])
    last.insert(2, "Runtime", range(len(last)))
    last.to_csv(path / "runs.csv", index=False)
    return path / "runs.csv"


def sparse(frame, path):
    """A row for each metric, as loggers write that log train and test apart."""
    parts = [frame.drop(columns=name) for name in ("train_loss", "test_loss")]
    pd.concat(parts).to_csv(path / "runs.csv", index=False)
    return path / "runs.csv"


def chart(frame, path):
    columns = {"Step": range(frame.step.max() + 1)}
    for (depth, seed), run in frame.groupby(["config.depth", "config.seed"]):
        for end in ("", "__MIN", "__MAX"):
            columns[f"depth={depth}_seed={seed} - test_loss{end}"] = run.test_loss.to_numpy()
    pd.DataFrame(columns).to_csv(path / "runs.csv", index=False)
    return path / "runs.csv"


@pytest.mark.parametrize("export", [long, semicolons, parquet, wide, wandb_table, sparse, chart])
def test_every_form_gives_the_same_runs(tmp_path, export):
    frame = planted(LEVELS, seeds=4, steps=5)
    table = read_table(export(frame, tmp_path), Asked())
    grouped = group_runs(table, Asked())
    assert [name.removeprefix("config.") for name in grouped.settings] == ["depth"]
    assert grouped.metric == "test_loss"
    assert sorted(grouped.values.T.ravel()) == pytest.approx(
        sorted(by_configuration(frame).T.ravel()), abs=1e-12
    )
    np.testing.assert_allclose(grouped.values.mean(0), by_configuration(frame).mean(0), atol=1e-12)


def test_a_frame_is_as_its_file(tmp_path):
    frame = planted(LEVELS, steps=3)
    from_file = group_runs(read_table(long(frame, tmp_path), Asked()), Asked())
    from_frame = group_runs(table_of_frame("frame", frame, Asked()), Asked())
    assert sorted(from_frame.values.ravel()) == sorted(from_file.values.ravel())


def test_a_run_of_a_frame_that_diverged_is_not_judged_by_what_it_was_before():
    frame = planted(LEVELS, seeds=4, steps=5)
    frame.loc[(frame.run_id == "run-0-1") & (frame.step > 2), ["test_loss", "train_loss"]] = np.nan
    # Logged apart, which is no divergence.
    parts = [frame.assign(**{name: np.nan}) for name in ("train_loss", "test_loss")]
    for given in (frame, pd.concat(parts)[lambda f: f.run_id != "run-0-1"]):
        grouped = group_runs(table_of_frame("frame", given, Asked()), Asked())
        assert grouped.diverged.tolist() == [int(given is frame), 0, 0]
        assert grouped.finite.tolist() == [3, 4, 4]


def test_what_is_held_does_not_grow_with_the_steps(tmp_path, monkeypatch):
    """A batch at a time: of 60 steps of each run what is kept is one row a run."""
    monkeypatch.setattr("depthgauge.comparison.tables.BLOCK", 4096)
    frame = planted(LEVELS, seeds=10, steps=60)
    table = read_table(long(frame, tmp_path), Asked())
    assert len(table.settings) == 30
    np.testing.assert_allclose(
        group_runs(table, Asked()).values.mean(0), by_configuration(frame).mean(0)
    )


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-inf", "Infinity"])
def test_a_run_that_diverged_and_one_without_a_value(tmp_path, text):
    frame = planted(LEVELS, seeds=12).astype({"test_loss": object})
    frame.loc[3, "test_loss"], frame.loc[4, "test_loss"] = text, ""
    grouped = group_runs(read_table(long(frame, tmp_path), Asked()), Asked())
    assert grouped.diverged.tolist() == [1, 0, 0]
    assert grouped.absent.tolist() == [1, 0, 0]
    assert grouped.finite.tolist() == [10, 12, 12]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"depth,seed,loss\n1,2\n", "Expected 3 columns, got 2"),
        (b"depth,depth,loss\n1,2,3\n", "occurs 2 times"),
        (b"depth,seed,loss\n", "holds no runs"),
        (b"PAR1 and then nothing", "cannot be read"),
        (b"PK\x03\x04 zipped", "workbook"),
        (b"\x80\x81,\xff\n1,2\n", "is not UTF-8"),
        (b"seed,test_loss\n0,0.5\n1,oops\n", "'oops' is no number"),
    ],
)
def test_a_file_that_is_no_table_is_one_line(tmp_path, content, said):
    path = tmp_path / "runs.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as raised:
        read_table(path, Asked(metric="test_loss" if b"oops" in content else None))
    assert "\n" not in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_column_that_is_not_there(tmp_path):
    path = long(planted(LEVELS), tmp_path)
    with pytest.raises(InputError, match="no column 'test_acc'; there are run_id"):
        read_table(path, Asked(metric="test_acc"))


def test_several_values_of_a_run_at_one_step_are_asked_about(tmp_path):
    frame = planted(LEVELS, steps=2).drop(columns=["run_id", "config.seed"])
    with pytest.raises(InputError, match="--by or --seed"):
        read_table(long(frame, tmp_path), Asked())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lr=0.1_seed=3", {"lr": "0.1", "seed": "3"}),
        ("weight_decay=1e-4, seed=3", {"weight_decay": "1e-4", "seed": "3"}),
        ("resnet-s3", {"configuration": "resnet", "seed": "3"}),
        ("big_net seed 12", {"configuration": "big_net", "seed": "12"}),
        ("earnest-sun-12", {"configuration": "earnest-sun-12"}),
    ],
)
def test_what_the_name_of_a_run_says(name, said):
    assert settings_of_name(name) == said
