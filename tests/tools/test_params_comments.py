"""The bundled params.yaml: explained by the settings themselves."""

import re

import pytest
from pydantic import BaseModel
from tools.params_comments import ROOT, bundled, read_heading, rewrite

from depthgauge.settings import params_file
from depthgauge.settings.load import FILE, load_settings
from depthgauge.settings.params_file import describe

FOLDERS = [pytest.param(folder, id=folder.name) for folder in bundled(ROOT)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_values_and_the_heading_stay(folder, tmp_path):
    text = (folder / FILE).read_text()
    rewritten = rewrite(folder)
    (tmp_path / FILE).write_text(rewritten)
    assert load_settings(tmp_path) == load_settings(folder)
    assert read_heading(rewritten) == read_heading(text)
    assert text.startswith("".join(f"# {line}\n" for line in read_heading(text).splitlines()))
    assert rewrite(tmp_path) == rewritten


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_bundled_file_is_what_the_tool_writes(folder, monkeypatch):
    """A loss, say, that was added since then need not be named in it."""
    text = (folder / FILE).read_text()
    comments = " ".join(line.partition("#")[2].strip() for line in text.splitlines())
    named = set(re.findall(r"\w+(?= \||:)|(?<=\| )\w+", comments))

    def describe_named(model, name):
        return re.sub(
            r"(\w+ \| )+\w+",
            lambda names: " | ".join(n for n in names[0].split(" | ") if n in named),
            describe(model, name),
        )

    monkeypatch.setattr(params_file, "describe", describe_named)
    assert text == rewrite(folder)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_setting_is_explained(folder):
    assert not list(undescribed(load_settings(folder), ""))


def undescribed(model: BaseModel, prefix: str):
    for name in type(model).model_fields:
        value, key = getattr(model, name), f"{prefix}{name}"
        if isinstance(value, BaseModel) and not getattr(value, "INLINE", False):
            yield from undescribed(value, f"{key}.")
        # A name is explained beside its section.
        elif not describe(type(model), name) and name not in ("name", "family"):
            yield key
