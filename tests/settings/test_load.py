import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.data.kinds.kind import KINDS
from depthgauge.errors import InputError
from depthgauge.settings.load import load_settings
from depthgauge.training.networks.network import NETWORKS
from depthgauge.training.optimizers.optimizer import OPTIMIZERS
from tests.settings.contents import (
    IDS,
    PLACES,
    WRONG,
    good,
    message_if_any,
    message_of,
    one_of_the,
    plain,
    section_of,
)

ROOT = Path(__file__).parents[2]

NAMES_OF_ENTRIES = {
    ("data", "kind"): one_of_the(KINDS),
    ("recipe", "network", "family"): one_of_the(NETWORKS),
    ("recipe", "optimizer", "name"): one_of_the(OPTIMIZERS),
}
MAY_BE_NULL = tuple(
    ("data", *place) for place in (("reference",), ("group",), ("split", "column"), ("length",))
)
MAY_BE_EMPTY = (
    ("metrics",),
    *(("data", name) for name in ("numbers", "categories", "channels", "targets")),
)


@pytest.fixture
def load(tmp_path):
    def run(data):
        (tmp_path / "params.yaml").write_bytes(data if isinstance(data, bytes) else data.encode())
        return load_settings(tmp_path)

    return run


@pytest.fixture
def refused(load):
    def run(data):
        with pytest.raises(InputError) as caught:
            load(data)
        return plain(caught.value)

    return run


@pytest.mark.parametrize(
    "folder", [ROOT, *(path.parent for path in (ROOT / "experiments").glob("*/params.yaml"))]
)
def test_every_experiment_of_the_repository_loads(folder):
    settings = load_settings(folder)
    assert (folder / settings.data.path).is_file()
    point = settings.points[-1]
    recipe = settings.recipe_at(point)
    swept = settings.swept.parameter
    assert recipe.flat() == settings.recipe.flat() | ({recipe.key(swept): point} if swept else {})


NOTHING_NAMED = "search.regularisers: must name a setting of the recipe, learning_rate say"


@pytest.mark.parametrize(("kind", "place"), PLACES, ids=IDS)
def test_any_key_left_out(kind, place):
    content = good(kind)
    del section_of(content, place)[place[-1]]
    if place[:-1] in (("search", "space"), ("search", "regularisers")):
        # Whatever is not named is not searched.
        assert message_if_any(content) in (None, NOTHING_NAMED)
        return
    message = message_of(content)
    if place in NAMES_OF_ENTRIES:
        assert message == f"{'.'.join(place)}: {NAMES_OF_ENTRIES[place]}, not empty"
    else:
        assert message == f"{'.'.join(place)}: missing; add it, as in the bundled params.yaml"


@pytest.mark.parametrize(("kind", "place"), PLACES, ids=IDS)
def test_any_key_misspelt(kind, place):
    content = good(kind)
    if "regularisers" in place:
        content["recipes"] = ["fixed", "regularised"]
    section = section_of(content, place)
    section[place[-1] + "x"] = section.pop(place[-1])
    if place in NAMES_OF_ENTRIES:
        assert message_of(content) == f"{'.'.join(place)}: {NAMES_OF_ENTRIES[place]}, not empty"
    else:
        dotted = ".".join(place)
        assert message_of(content) == f"{dotted}x: unknown key; did you mean {dotted}?"


@pytest.mark.parametrize(("kind", "place"), PLACES, ids=IDS)
def test_any_value_of_a_wrong_type(kind, place):
    for value in WRONG:
        content = good(kind)
        if (value is None and place in MAY_BE_NULL) or (value == [] and place in MAY_BE_EMPTY):
            value = {"a": 1}
        section_of(content, place)[place[-1]] = value
        assert message_of(content).startswith(".".join(place)), value


@pytest.mark.parametrize(
    "name", ["images", "series", "kind", "", "\x1b[31m", "x" * 9000, "‮width", "a b", "1"]
)
@pytest.mark.parametrize(
    "section",
    ["", "data", "data.split", "recipe", "recipe.network", "recipe.optimizer", "threshold"],
)
def test_any_unknown_key(section, name):
    content = good("images")
    place = content
    for key in filter(None, section.split(".")):
        place = place[key]
    if name in place:
        pytest.skip("a key that is known here")
    place[name] = 1
    message = message_of(content)
    assert message.startswith(f"{section}." if section else "")
    assert "unknown key; " in message


@pytest.mark.parametrize("key", [1, None, 2.5, ("a", "b"), True])
def test_a_key_that_is_no_text(key):
    content = good("images")
    content[key] = 1
    assert "a key must be text" in message_of(content)


@given(st.sampled_from(PLACES), st.text(max_size=30))
def test_any_text_for_a_value(kind_and_place, text):
    kind, place = kind_and_place
    content = good(kind)
    section_of(content, place)[place[-1]] = text
    message = message_if_any(content)
    assert message is None or message.startswith(place[0])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(PLACES), json_values)
def test_anything_at_all_for_a_value(kind_and_place, value):
    kind, place = kind_and_place
    content = good(kind)
    section_of(content, place)[place[-1]] = value
    message_if_any(content)


@given(st.text(max_size=60) | st.sampled_from(["a: &a [*a]", "? ", "!!set {a}", "%YAML 9", "*a"]))
def test_any_text_for_a_file(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    (folder / "params.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_settings(folder)
    plain(caught.value)


@given(st.binary(max_size=60))
def test_any_bytes_for_a_file(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any")
    (folder / "params.yaml").write_bytes(data)
    with pytest.raises(InputError) as caught:
        load_settings(folder)
    plain(caught.value)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "must be a mapping of keys to values"),
        ("\n# only a comment\n", "must be a mapping of keys to values"),
        ("- a\n- b\n", "must be a mapping of keys to values"),
        ("words", "must be a mapping of keys to values"),
        ("seed: [0, 1\naxis: depth\n", "line 2, column 5: broken YAML: expected ',' or ']'"),
        ("seed: 0\n\taxis: depth\n", "line 2, column 1: broken YAML: found character '\\t'"),
        ("a: b: c\n", "line 1, column 5: broken YAML: mapping values are not allowed here"),
        ("seed: 'a\n", "broken YAML: found unexpected end of stream"),
        ("seed: 0\nseed: 1\n", 'line 2, column 1: broken YAML: found duplicate key "seed"'),
        ("a:\n  b: 0\n  b: 1\n", 'line 3, column 3: broken YAML: found duplicate key "b"'),
        ("seed: *one\n", "line 1, column 7: broken YAML: found undefined alias 'one'"),
        ("seed: !!python/name:os.system\n", "line 1, column 7: broken YAML: could not determine"),
        ("seed: 0\n---\nseed: 1\n", "broken YAML: but found another document"),
        ("seed: \0\n", "broken YAML: unacceptable character #x0000"),
        ("seed: " + "9" * 5000, "broken YAML: Exceeds the limit"),
        ("[" * 600, "broken YAML: lists or mappings are nested too deep"),
        (b"\x89PNG\r\n", "byte 0 is not UTF-8 text; save it as text"),
        ("seed: ä\n".encode("latin-1"), "byte 6 is not UTF-8 text; save it as text"),
        ("seed: 0\n".encode("utf-16"), "byte 0 is not UTF-8 text; save it as text"),
    ],
)
def test_no_settings(refused, content, what):
    assert what in refused(content)


def test_a_few_lines_that_stand_for_gigabytes(refused):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 12)]
    assert "a0: unknown key" in refused("\n".join(lines))
    assert "unknown key" in refused("\n".join([*lines, "seed: *a11"]))


def test_numbers_as_yaml_1_2_and_dvc_read_them(load):
    text = json.dumps(good("images"))
    written = text.replace('"learning_rate": 0.01', '"learning_rate": 1e-3')
    assert load(written).recipe.optimizer.learning_rate == 0.001
    assert load("\ufeff" + text).seed == 0
    # Where a file says that it is of YAML 1.1, nobody is warned of what that would have made of it.
    assert load(f"%YAML 1.1\n---\n{written}").recipe.optimizer.learning_rate == 0.001


def test_no_file(tmp_path, monkeypatch):
    def message():
        with pytest.raises(InputError) as caught:
            load_settings(tmp_path)
        return plain(caught.value)

    assert message() == (
        "missing; run this in the folder of an experiment, or name it with -C FOLDER; "
        "`depthgauge new` makes one of a table"
    )
    (tmp_path / "params.yaml").mkdir()
    assert message() == "cannot be read: Is a directory"
    (tmp_path / "params.yaml").rmdir()
    (tmp_path / "params.yaml").symlink_to("params.yaml")
    assert message().startswith("cannot be read: Too many levels of symbolic links")


def test_settings_load_without_torch():
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from depthgauge.settings.load import load_settings\n"
        f"load_settings(Path({str(ROOT)!r}))\n"
        "print([m for m in ('torch', 'optuna', 'mlflow', 'pandas', 'scipy') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n"
