"""Settings written as YAML: what is read back is the same, and every explanation is there."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from ruamel.yaml import YAML
from tools.params_comments import read_heading

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


@given(st.lists(st.text(max_size=80), max_size=6), st.text(max_size=200))
@example(["?0"], "?")
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_back(columns, target):
    columns, target = ([*columns, "a b " * 40], target)
    text = params_text(whole(columns=columns, target=target), "x")
    data = YAML(typ="safe", pure=True).load(text)["data"]
    assert (data["columns"], data["target"]) == (columns, target)


def test_many_columns_take_many_lines():
    columns = [f"column {k}" for k in range(200)]
    text = params_text(whole(columns=columns), "x")
    assert max(map(len, text.splitlines())) <= WIDTH
    assert YAML(typ="safe", pure=True).load(text)["data"]["columns"] == columns


@dataclass(frozen=True)
class Entries:
    choices: tuple[str, ...]


class Named(BaseModel):
    name: str = Field(description="which one")


class Narrow(Named):
    name: str = "narrow"
    rate: float = Field(description="how fast")


class Holder(BaseModel):
    one: Annotated[Named, Entries(("narrow", "wide"))] = Field(description="what it is")


def test_choices_come_from_the_annotation_and_descriptions_from_bases():
    lines = params_text(Holder(one=Narrow(rate=1.0)), "x").splitlines()
    assert [" ".join(line.split()) for line in lines[2:]] == [
        "one: # narrow | wide: what it is",
        "name: narrow # which one",
        "rate: 1.0 # how fast",
    ]


def test_the_heading_is_read_back():
    text = params_text(whole(), "A title\n\n  in three lines")
    assert read_heading(text) == "A title\n\n  in three lines"
