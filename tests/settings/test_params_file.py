"""Settings written as YAML: what is read back is the same, and every explanation is there."""

from typing import ClassVar

import pytest
from pydantic import BaseModel, Field
from ruamel.yaml import YAML

from depthgauge.settings.params_file import WIDTH, params_text


class Loss(BaseModel):
    name: str


class Range(BaseModel):
    INLINE: ClassVar[bool] = True
    low: float
    high: float


class Inner(BaseModel):
    columns: list[str] = Field(description="columns that predict")
    target: str | None = Field(description="a long explanation " + "of what it is " * 10)
    rate: Range = Field(description="both ends included")


class Whole(BaseModel):
    experiment: str = Field(description="its name")
    data: Inner = Field(description="what goes in")
    loss: Loss = Field(description="what is minimised")


def whole(**given):
    inner = {
        "columns": ["a b", "yes", "1e3", "#x"],
        "target": None,
        "rate": Range(low=1e-5, high=2),
    }
    return Whole(experiment="x", data=Inner(**(inner | given)), loss=Loss(name="mae"))


@pytest.mark.parametrize("target", [None, "null", "a: b", "it's", "- x", "ü\t", "1"])
def test_what_is_read_back_is_the_same(target):
    text = params_text(whole(target=target), "A title\nin two lines")
    content = YAML(typ="safe", pure=True).load(text)
    assert content == {
        "experiment": "x",
        "data": {
            "columns": ["a b", "yes", "1e3", "#x"],
            "target": target,
            "rate": {"low": 1e-5, "high": 2.0},
        },
        "loss": "mae",
    }


def test_every_explanation_is_there_and_no_line_is_too_long():
    text = params_text(whole(), "A title\nin two lines", {"data.columns": ["left out: z"]})
    assert text.startswith("# A title\n# in two lines\n\nexperiment: x")
    assert "# its name" in text
    assert "# what goes in" in text
    assert "# what is minimised" in text
    assert "  # left out: z\n  columns:" in text
    assert max(map(len, text.splitlines())) <= WIDTH
    comment = " ".join(line.strip("# ") for line in text.splitlines() if "#" in line)
    assert "of what it is " * 9 in comment
