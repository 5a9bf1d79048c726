import hashlib
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.files.digests import bytes_digest, content_digest, file_digest, json_digest

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary())
def test_bytes(data):
    assert bytes_digest(data) == hashlib.new("sha256", data).hexdigest()


def test_file_is_digest_of_its_bytes(tmp_path):
    path = tmp_path / "large"
    data = bytes(range(256)) * 5000
    path.write_bytes(data)
    assert file_digest(path) == bytes_digest(data)


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.py").write_text("b")
    (folder / "sub/a.py").write_text("a")
    return folder


def digest(folder):
    return content_digest(folder, folder.rglob("*.py"))


def test_content_depends_on_names_and_contents_alone(sources, tmp_path):
    before = digest(sources)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    # Made in another order, at another time.
    for name in ("sub", "b.py"):
        source = sources / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, elsewhere / name)
    assert digest(elsewhere) == before
    also = {content_digest(sources, sources.rglob("*.py"), *more) for more in ((), "x", "xy")}
    assert len(also) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "b.py").write_text("c"),
        lambda folder: (folder / "b.py").rename(folder / "c.py"),
        lambda folder: (folder / "b.py").rename(folder / "sub/b.py"),
        lambda folder: (folder / "b.py").unlink(),
        lambda folder: (folder / "c.py").write_text(""),
    ],
)
def test_any_change_of_content_shows(sources, change):
    before = digest(sources)
    change(sources)
    assert digest(sources) != before


@given(st.dictionaries(st.text(), json_values, min_size=2, max_size=5))
def test_json_does_not_depend_on_the_order_of_keys(value):
    assert json_digest(dict(reversed(value.items()))) == json_digest(value)


@given(json_values, json_values)
def test_different_json_values_differ(one, other):
    # As text, since Python takes 1, 1.0 and True for one value and JSON does not.
    if repr(one) != repr(other) and one != other:
        assert json_digest(one) != json_digest(other)


@pytest.mark.parametrize("value", [float("nan"), [float("inf")]])
def test_json_has_no_nan(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_digest(value)


def test_errors(tmp_path):
    with pytest.raises(InputError, match=r"none.py: cannot be read: No such file"):
        file_digest(tmp_path / "none.py")
