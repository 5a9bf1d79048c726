"""params.yaml and the raw file that it names, damaged and strange."""

import copy
import functools
import json
import shutil
from pathlib import Path
from random import Random
from typing import Any

from tests.experiment import DATA, Experiment, new_experiment
from tests.hostile.tables import swap
from tests.hostile.user import Outcome, User, damage

ROOT = Path(__file__).parents[2]
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 10**6, 10**30, -(10**400), 0.5, -0.0, 1e308, 1e-320),
    *(float("nan"), float("inf"), "", " ", "a", "1e-3", "../x", "/dev/zero", "/", "\0", "\x1b[31m"),
    *("utf-16", "rot13", "hex", "idna", "\ud800", "x" * 5000, "depth", "epochs", [], [0], {}, [[]]),
    *([0, 0], [1, 2, 3], ["a"], {"low": 1, "high": 0}, {"name": "adam"}, {"name": []}, "yes", "~"),
    *([10**9] * 3, [None], {"a": {"b": {"c": []}}}, "2020-01-01", "{0}", "%s", "; touch x #"),
)
TEXTS = (
    *("", "---", "- a", "a: 1", "{", "[", "&a [*a, *a]", "a: &a [*a]", "? [a]\n: b", "!!binary x"),
    *(
        "!!python/object/apply:os.system [x]",
        "a: b: c",
        "\ta: 1",
        "%YAML 3.0\n---\n",
        "'",
        "a: !x y",
    ),
    *("1: 2", "null: 3", "2020-13-45: 1", "a: 2020-13-45", "a: 2020-99-99 99:99:99", "<<: [a]"),
    *(
        "[" * 3000,
        "{a: " * 2000,
        "a: " + "9" * 5000,
        "? " * 2000,
        "a: 0o9",
        "a: 1:99:99",
        "=",
        "!!",
    ),
)


def params(user: User, random: Random) -> Outcome:
    """`check` with a setting changed, its text damaged, or another text in its place."""
    experiment, folder = _experiment(user, random.choice(tuple(DATA))), user.repository / "own"
    way = random.random()
    if way < 0.6:
        content = copy.deepcopy(experiment.content)
        for _ in range(random.choice((1, 1, 2))):
            _change(content, random)
        data = json.dumps(content).encode("utf-8", "surrogatepass")
    elif way < 0.9:
        source = ROOT / "params.yaml" if random.random() < 0.3 else experiment.params
        begin = random.choice((b"", b"", b"%YAML 1.1\n---\n"))
        data = begin + damage(source.read_bytes().replace(b"0.001", b"1e-3"), random)
    else:
        data = random.choice(TEXTS).encode()
    experiment.params.write_bytes(data)
    return user.run(folder, random.choice(("check", "prepare")))


def raw(user: User, random: Random) -> Outcome:
    """`prepare` and `check` with the raw table damaged, after it was described."""
    experiment = _experiment(user, random.choice(tuple(DATA)))
    change = swap if random.random() < 0.6 else damage
    experiment.raw.write_bytes(change(experiment.raw.read_bytes(), random))
    return user.run(experiment.folder, random.choice(("prepare", "prepare", "check")))


def _experiment(user: User, kind: str) -> Experiment:
    folder = user.repository / "own"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_good(user.repository.parent / "good", kind), folder)
    return Experiment(folder, json.loads((folder / "params.yaml").read_text()))


@functools.cache
def _good(place: Path, kind: str) -> Path:
    return new_experiment(place / kind, kind).folder


def _change(content: Any, random: Random) -> None:
    """Another value, none, or a key more, somewhere."""
    place, key = content, None
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = random.choice(keys)
        inner = place[key]
        if not isinstance(inner, dict | list) or random.random() < 0.15:
            break
        place = inner
    match random.randrange(8):
        case 0:
            del place[key]
        case 1 if isinstance(place, dict):
            place[random.choice(("x", "", "\x1b", "1", str(key) + "s"))] = random.choice(VALUES)
        case 2 if isinstance(place[key], int | float):
            place[key] *= random.choice((-1, 0, 2, 10, 1e6, 1e300, 0.5))
        case _:
            place[key] = copy.deepcopy(random.choice(VALUES))
