"""Contents of params.yaml for the tests, and what is said of one that cannot be."""

import copy

import pytest

from depthgauge.entries import entry_names, one_of
from depthgauge.errors import InputError
from depthgauge.settings.load import parse_settings
from tests.experiment import COMMON, DATA


def one_of_the(package):
    """What a name that is no entry must be."""
    return f"must be {one_of(entry_names(package))}"


def good(kind):
    content = copy.deepcopy(COMMON)
    content["data"] = copy.deepcopy(DATA[kind])
    content["recipe"]["loss"] = "cross_entropy" if kind == "images" else "mse"
    return content


def places(content):
    """Where every key stands: tuples of keys."""
    found = []
    for key, value in content.items():
        found.append((key,))
        if isinstance(value, dict):
            found += [(key, *rest) for rest in places(value)]
    return found


# Only `data` differs between the kinds: every other key once.
PLACES = [
    (kind, place)
    for kind in DATA
    for place in places(good(kind))
    if kind == "images" or place[0] == "data"
]
WRONG = (None, True, [], {}, [None], {"a": 1}, float("nan"))
IDS = [f"{kind} {'.'.join(place)}" for kind, place in PLACES]


def section_of(content, place):
    for key in place[:-1]:
        content = content[key]
    return content


def set_(content, dotted, value):
    place = dotted.split(".")
    section_of(content, place)[place[-1]] = value
    return content


def message_of(content):
    """The message, which must be one line that a terminal can show, and name the file."""
    with pytest.raises(InputError) as caught:
        parse_settings(content, "params.yaml")
    return plain(caught.value)


def message_if_any(content):
    try:
        parse_settings(content, "params.yaml")
    except InputError as error:
        return plain(error)
    return None


def plain(error):
    message = str(error)
    assert message.isprintable()
    assert len(message) < 400
    before, name, rest = message.partition("params.yaml: ")
    assert name
    assert before == "" or before.endswith("/")
    return rest
