"""Settings as the text of a params.yaml, each with its explanation, which its model holds."""

import io
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

# What YAML 1.1 or 1.2 takes for something else than text.
_WORDS = {"true", "false", "yes", "no", "on", "off", "null"}
WIDTH, COMMENT_COLUMN, INDENT = 100, 24, "  "


def params_text(
    settings: BaseModel, heading: str, notes: Mapping[str, Sequence[str]] | None = None
) -> str:
    """The whole file: the heading as a comment, then every setting with its description.

    heading: lines without `#`. notes: further comment lines above a key, by its dotted name. The
    comment of a key is the `description` of its field, behind the `choices` that its annotation
    may know; where it does not fit beside the value, it stands above it.
    """
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    lines += ["", *_lines(settings, "", notes or {}, "")]
    return "\n".join(lines) + "\n"


def _lines(
    model: BaseModel, prefix: str, notes: Mapping[str, Sequence[str]], pad: str
) -> Iterator[str]:
    for place, name in enumerate([*type(model).model_fields, *(model.model_extra or {})]):
        value, key = getattr(model, name), f"{prefix}{name}"
        field = type(model).model_fields.get(name)
        # What only some need is not written for the others.
        if field is not None and field.exclude_if is not None and field.exclude_if(value):
            continue
        # On one line stands a name, and what says so of itself.
        is_inline = getattr(type(value), "INLINE", False)
        is_section = isinstance(value, BaseModel) and not (is_inline or _is_name_alone(value))
        if is_section and place and not pad:
            yield ""
        yield from (f"{pad}# {line}".rstrip() for line in notes.get(key, ()))
        entry = [f"{name}:"] if is_section else _entry(name, value, WIDTH - len(pad))
        yield from _comment([pad + line for line in entry], describe(type(model), name), pad)
        if is_section:
            yield from _lines(value, f"{key}.", notes, pad + INDENT)


def describe(model: type[BaseModel], name: str) -> str:
    """The description of a field, which a base may give; before it, what it may be."""
    fields = [base.__dict__.get("__pydantic_fields__", {}).get(name) for base in model.__mro__]
    text = next((field.description for field in fields if field and field.description), "")
    if name not in model.model_fields:
        return ""
    known = (getattr(each, "choices", ()) for each in model.model_fields[name].metadata)
    choices = next(filter(None, known), ())
    return ": ".join(filter(None, (" | ".join(choices), " ".join(text.split()))))


def _comment(lines: Sequence[str], comment: str, pad: str) -> Iterator[str]:
    """The lines of an entry with a comment beside them, or above them."""
    beside = f"{lines[0]:<{COMMENT_COLUMN - 1}} # {comment}"
    if comment and len(lines) == 1 and len(beside) <= WIDTH:
        yield beside
        return
    yield from textwrap.wrap(
        comment, WIDTH, initial_indent=f"{pad}# ", subsequent_indent=f"{pad}# "
    )
    yield from lines


def _is_name_alone(model: BaseModel) -> bool:
    """Whether a model is told by its name, as a loss without settings of its own is."""
    return set(type(model).model_fields) == {"name"}


def _entry(name: str, value: object, width: int) -> list[str]:
    """The lines of a key and its value. Only a list is broken: ruamel may lose what it folds."""
    line = _dump(name, value)
    if not isinstance(value, list | tuple) or len(line) <= width:
        return [line]
    lines = [f"{name}: ["]
    for item in value:
        text = f"{item}," if _is_word(item) else _dump("", [item]).partition("[")[2][:-1] + ","
        if len(lines[-1]) + 1 + len(text) > width:
            lines.append(INDENT)
        lines[-1] += text if lines[-1][-1] in "[ " else f" {text}"
    lines[-1] = lines[-1][:-1] + "]"
    return lines


def _is_word(value: object) -> bool:
    """Whether YAML has no other meaning for a text, so that it needs no dumping."""
    return (
        isinstance(value, str)
        and re.fullmatch("[A-Za-z_][A-Za-z0-9_]+", value) is not None
        and value.lower() not in _WORDS
    )


def _dump(name: str, value: object) -> str:
    if value is None:
        # A key with nothing after it looks forgotten.
        return f"{name}: null"
    sink = io.StringIO()
    yaml = YAML()
    yaml.width = sys.maxsize
    yaml.dump({name: _flow(value)}, sink)
    return sink.getvalue().rstrip("\n")


def _flow(value: object) -> Any:
    if isinstance(value, BaseModel):
        content = value.model_dump()
        return content["name"] if _is_name_alone(value) else _flow(content)
    if isinstance(value, Mapping):
        mapping = CommentedMap({key: _flow(inner) for key, inner in value.items()})
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list | tuple):
        sequence = CommentedSeq([_flow(inner) for inner in value])
        sequence.fa.set_flow_style()
        return sequence
    # Some line ends of Unicode would be lost without quotes, a lone dot or comma be overlooked, and
    # a question mark in a list begin a key.
    if isinstance(value, str) and not (value.isprintable() and re.search(r"^[^?]*\w", value)):
        return DoubleQuotedScalarString(value)
    return value
