"""The page of promises names tests that exist, and its table is made of what was counted."""

import ast
import re
from pathlib import Path

import pytest

from tools import reliability

ROOT = Path(__file__).parents[2]
TEXT = reliability.PAGE.read_text(encoding="utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_a_promise_is_shown_by_a_test(path, name):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_promise_has_one():
    promised = TEXT.partition("## Promised")[2].partition("## Not promised")[0]
    for promise in promised.strip().split("\n\n"):
        assert promise.startswith("**")
        assert "`tests/" in promise, promise


def test_counts_of_several_tests_are_one_row():
    lines = [
        '{"kind": "b", "injected": 1200, "equal": 1199, "lost": 1}',
        '{"kind": "b", "injected": 1, "told_badly": 1, "equal": 1}',
        '{"kind": "a", "tried": 5, "refused": 3, "accepted": 1, "tracebacks": 1}',
    ]
    made = reliability.table(reliability.counts_of(lines)).splitlines()
    assert made[2:] == [
        "| a | 5 | 4 | 0 | 1 | 0 |",
        "| b | 1,201 | 1,200 | 1 | 0 | 1 |",
        "| **all** | **1,206** | **1,204** | **1** | **1** | **1** |",
    ]


def test_the_table_takes_the_place_of_the_last_one():
    page = reliability.with_counts(TEXT, "| old |\n")
    assert reliability.with_counts(page, "| new |\n") == page.replace("| old |", "| new |")
    assert page.startswith(TEXT.partition(reliability.BEGIN)[0])
