"""A guess as params.yaml: the root's file, comments and all, with another section `data`."""

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from depthgauge.infer.experiment import Guess, Section

_COMMENT_COLUMN = 24


class _Representer(RoundTripRepresenter):
    """Writes `null`: a key with nothing after it looks forgotten."""

    def represent_none(self, data: None) -> ScalarNode:
        node: ScalarNode = self.represent_scalar("tag:yaml.org,2002:null", "null")
        return node


_Representer.add_representer(type(None), _Representer.represent_none)


def params_text(template: str, name: str, title: str, guess: Guess) -> str:
    """The YAML of an experiment called `name`; title: the comment at its top.

    template: the text of a good params.yaml, whose comments and other values are taken over.
    """
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = 100
    content: CommentedMap = yaml.load(template)
    content.yaml_set_start_comment(title)
    content["experiment"] = name
    for key, value in guess.others.items():
        *sections, last = key.split(".")
        place: Any = content
        for section in sections:
            place = place[section]
        # A list keeps its place in its line, and its comment.
        place[last] = _flow(value) if isinstance(value, list) else value
    content["data"] = _section(guess.data, guess.above, 2)
    after = list(content)[list(content).index("data") + 1]
    content.yaml_set_comment_before_after_key(after, before="\n")
    sink = io.StringIO()
    yaml.dump(content, sink)
    return sink.getvalue().replace("\nexperiment:", "\n\nexperiment:", 1)


def _section(entries: Section, above: dict[str, list[str]], indent: int) -> CommentedMap:
    section = CommentedMap()
    for key, value, comment in entries:
        if key == "split":
            section[key] = _section(value, {}, indent + 2)
        elif isinstance(value, list):
            section[key] = _flow(value)
        elif key == "separator":
            section[key] = DoubleQuotedScalarString(value)
        else:
            section[key] = value
        if comment:
            section.yaml_add_eol_comment(comment, key, column=_COMMENT_COLUMN)
        if key in above:
            section.yaml_set_comment_before_after_key(
                key, before="\n".join(above[key]), indent=indent
            )
    return section


def _flow(values: list[Any]) -> CommentedSeq:
    sequence = CommentedSeq(values)
    sequence.fa.set_flow_style()
    return sequence
