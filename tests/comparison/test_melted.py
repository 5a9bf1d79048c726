"""A row for each value: melted frames, and what neptune-exporter writes."""

import numpy as np
import pandas as pd
import pytest

from depthgauge.comparison.group import group_runs
from depthgauge.comparison.runs import Asked, table_of_frame
from depthgauge.comparison.tables import read_table
from depthgauge.errors import InputError
from tests.comparison.runs import by_configuration, planted

FRAME = planted([1.0, 1.2, 1.1], seeds=4, steps=3)
RUN = ["run_id", "config.depth", "config.seed", "step"]


def long(columns, name="metric", value="value"):
    """The metrics below each other, in an order of no use."""
    made = FRAME.melt(columns, ["train_loss", "test_loss"], name, value)
    return made.sample(frac=1, random_state=1)


def neptune():
    """Settings are rows of their own, without a step."""
    made = [
        {"run_id": run, "attribute_path": path, "step": step, kind: value}
        for row in FRAME.to_dict("records")
        for run in [row["run_id"]]
        for path, kind, step, value in (
            ("parameters/depth", "int_value", None, row["config.depth"]),
            ("parameters/seed", "int_value", None, row["config.seed"]),
            ("monitoring/cpu", "float_value", row["step"], row["step"]),
            ("metrics/train/loss", "float_value", row["step"], row["train_loss"]),
            ("metrics/test/loss", "float_value", row["step"], row["test_loss"]),
        )
    ]
    columns = ["string_value", "bool_value", "datetime_value"]
    return pd.DataFrame(made).assign(project_id="p", **dict.fromkeys(columns))


def values_of(table, **asked):
    return group_runs(table, Asked(**asked)).values


@pytest.mark.parametrize("columns", [RUN, RUN[1:]])
@pytest.mark.parametrize("form", ["frame", "csv", "parquet"])
def test_a_melted_frame_is_as_the_wide_one(tmp_path, columns, form):
    frame, path = long(columns), tmp_path / f"long.{form}"
    if form == "frame":
        table = table_of_frame("frame", frame, Asked())
    else:
        frame.to_csv(path, index=False) if form == "csv" else frame.to_parquet(path)
        table = read_table(path, Asked())
    np.testing.assert_allclose(
        sorted(values_of(table)[:, 1]), sorted(by_configuration(FRAME)[:, 1])
    )
    assert group_runs(table, Asked()).train is not None


def test_without_steps_and_with_names_that_say_nothing():
    last = FRAME[FRAME.step == 2].rename(columns={"test_loss": "quality"})
    frame = last.melt(RUN[1:3], ["quality"], "Metric", "Value")
    frame.loc[0, "Value"] = np.nan
    asked = {"metric": "quality", "higher": False}
    found = group_runs(table_of_frame("frame", frame, Asked(**asked)), Asked(**asked))
    assert found.diverged.tolist() == [1, 0, 0]
    assert found.notes == ()


def test_what_neptune_exports(tmp_path):
    neptune().to_parquet(tmp_path / "runs.parquet")
    table = read_table(tmp_path / "runs.parquet", Asked())
    found = group_runs(table, Asked())
    assert found.settings == ("parameters/depth",)
    assert found.seed == ("parameters/seed",)
    np.testing.assert_allclose(found.values.mean(0), by_configuration(FRAME).mean(0))


def test_a_name_that_is_a_column_too_is_one_line():
    frame = long(RUN).assign(test_loss=1.0)
    with pytest.raises(InputError, match="'test_loss' is a column, and named in metric"):
        table_of_frame("frame", frame, Asked())


def test_a_setting_that_is_called_metric_is_one():
    frame = FRAME.assign(metric=FRAME["config.depth"].map(str), value=1.0)
    table = table_of_frame("frame", frame, Asked(metric="test_loss"))
    assert "metric" in table.settings
