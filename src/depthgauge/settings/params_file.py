"""Settings as the text of a params.yaml, each with its explanation, which its model holds."""

import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

WIDTH, COMMENT_COLUMN, INDENT = 100, 24, 2


def params_text(
    settings: BaseModel, heading: str, notes: Mapping[str, Sequence[str]] | None = None
) -> str:
    """The whole file: the heading as a comment, then every setting with its description.

    heading: lines without `#`. notes: further comment lines above a key, by its dotted name. The
    comment of a key is the `description` of its field; where it does not fit beside the value, it
    stands above it.
    """
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    lines += ["", *_lines(settings, "", notes or {}, 0)]
    return "\n".join(lines) + "\n"


def _lines(
    model: BaseModel, prefix: str, notes: Mapping[str, Sequence[str]], indent: int
) -> Iterator[str]:
    pad = " " * indent
    for name, field in type(model).model_fields.items():
        value, key = getattr(model, name), f"{prefix}{name}"
        is_section = isinstance(value, BaseModel) and not _is_inline(value)
        if is_section and not indent and name != next(iter(type(model).model_fields)):
            yield ""
        yield from (f"{pad}# {line}".rstrip() for line in notes.get(key, ()))
        entry = f"{name}:" if is_section else _entry(name, value)
        yield from _commented(pad + entry, " ".join((field.description or "").split()), pad)
        if is_section:
            yield from _lines(value, f"{key}.", notes, indent + INDENT)


def _commented(line: str, comment: str, pad: str) -> Iterator[str]:
    if not comment:
        yield line
        return
    beside = f"{line:<{COMMENT_COLUMN - 1}} # {comment}"
    if len(beside) <= WIDTH:
        yield beside
        return
    yield from textwrap.wrap(
        comment, WIDTH, initial_indent=f"{pad}# ", subsequent_indent=f"{pad}# "
    )
    yield line


def _is_name_alone(model: BaseModel) -> bool:
    """Whether a model is told by its name, as a loss without settings of its own is."""
    return set(type(model).model_fields) == {"name"}


def _is_inline(model: BaseModel) -> bool:
    """Whether a model stands on one line: a name, or what says so of itself (`INLINE`)."""
    return _is_name_alone(model) or bool(getattr(type(model), "INLINE", False))


def _entry(name: str, value: object) -> str:
    sink = io.StringIO()
    yaml = YAML()
    yaml.width = 10_000
    yaml.dump({name: _flow(value)}, sink)
    return sink.getvalue().rstrip("\n") if value is not None else f"{name}: null"


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
    return value
