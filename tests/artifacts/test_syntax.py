"""What of a module counts: numbers and what makes them; not words, types, or what only tells."""

import ast

import pytest

from depthgauge.artifacts.syntax import deciding_text, imported_names

MODULE = '''
"""What it is."""
from collections.abc import Sequence
from house.errors import InputError
from house.progress import say
from typing import TYPE_CHECKING
import numpy as np

RATE = 0.5

class Loss:
    words: str = "absolute error"
    delta: float = Field(1.0, description="where it turns")
    name: str

def total(values: Sequence[float], scale: float = 2.0) -> float:
    """The total."""
    assert len(values) > 1, "too few"
    if not values:
        raise InputError(f"{values}: none")
    say("all is well")
    return np.sum(values) * scale * RATE
'''


def text(source=MODULE, words=False):
    return deciding_text(ast.parse(source), ("house.errors", "house.progress"), words)


def changed(before, after, words=False):
    assert before in MODULE
    return text(MODULE.replace(before, after), words) != text(words=words)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""What it is."""', '"""Something else."""'),
        ('    """The total."""\n', ""),
        ("RATE = 0.5", "# A rate\nRATE = 0.5  # of nothing\n"),
        (": Sequence[float]", ""),
        (" -> float", " -> 'float | None'"),
        ("from collections.abc import Sequence\n", ""),
        ("from typing import TYPE_CHECKING", "from typing import TYPE_CHECKING, Any"),
        ("RATE = 0.5", "if TYPE_CHECKING:\n    import torch\nRATE = 0.5"),
        (', "too few"', ', f"only {len(values)}"'),
        ('f"{values}: none"', '"none at all"'),
        ('    say("all is well")\n', ""),
        ('    say("all is well")\n', '    say("well")\n    print(values)\n'),
        ("where it turns", "where the line begins"),
        ("delta: float", "delta: int"),
        ("np.sum(values)", "np.sum( values )"),
        ("absolute error", "the error's size"),
    ],
)
def test_what_does_not_count(before, after):
    assert not changed(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RATE = 0.5", "RATE = 0.25"),
        ("scale: float = 2.0", "scale: float = 3.0"),
        ("np.sum", "np.prod"),
        ("len(values) > 1", "len(values) > 2"),
        ("if not values:\n", "if values is None:\n"),
        ("import numpy as np", "import other as np"),
        ("Field(1.0", "Field(2.0"),
        ("    name: str\n", ""),
        ("    name: str\n", "    named: str\n"),
        ("return np.sum", "yield np.sum"),
    ],
)
def test_what_counts(before, after):
    assert changed(before, after)


def test_what_sentences_call_a_thing_counts_for_what_writes_them():
    assert changed("absolute error", "the error's size", words=True)
    assert not changed('"""What it is."""', "", words=True)
    call = "ENTRY = Axis(noun='{}', size={})\n"
    assert text(call.format("a", 1)) == text(call.format("b", 1)) != text(call.format("a", 2))
    assert text(call.format("a", 1), words=True) != text(call.format("b", 1), words=True)


def test_a_body_of_words_alone_is_still_a_body():
    source = "def f():\n    '''Nothing.'''\n\nfor k in range(3):\n    print(k)\n"
    assert ast.unparse(ast.parse(text(source))) == text(source)
    assert "pass" in text(source)


def test_names_that_are_imported():
    names = imported_names(
        ast.parse("import a.b as c\n\ndef f():\n    from d import e\n    return find('g.h')\n")
    )
    assert names == {"a.b", "d", "d.e", "g.h"}
