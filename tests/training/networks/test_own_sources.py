"""What a file imports from its folder: as Python finds it, and as the class is loaded."""

import sys

import pytest

from depthgauge.errors import InputError
from depthgauge.training.networks.own_file import class_from, find_class, locate
from depthgauge.training.networks.own_sources import own_modules, read_sources

NET = "class Net:\n    value = {}\n"


@pytest.fixture
def folder(tmp_path):
    """Writes files by their names and says where; `net.py` is given its imports alone."""

    def write(imports, value="0", name="net.py", **files):
        files = {"blocks/__init__": "", **files}
        texts = {f"{place}.py": text for place, text in files.items()}
        for place, text in {**texts, name: f"{imports}\n{NET.format(value)}"}.items():
            (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / place).write_text(text)
        locate(f"{name}:Net", tmp_path)
        return tmp_path

    return write


CONV = {"blocks/conv": "ONE = 1", "beside": "TWO = 2", "blocks/__init__": "SIX = 6"}


@pytest.mark.parametrize(
    ("imports", "value", "found"),
    [
        ("import math", "math.inf", []),
        ("import beside", "beside.TWO", ["beside.py"]),
        ("from beside import TWO", "TWO", ["beside.py"]),
        ("import blocks", "blocks.SIX", ["blocks/__init__.py"]),
        ("from blocks import conv", "conv.ONE", ["blocks/__init__.py", "blocks/conv.py"]),
        ("from blocks.conv import ONE", "ONE", ["blocks/__init__.py", "blocks/conv.py"]),
        ("import blocks.conv", "blocks.conv.ONE", ["blocks/__init__.py", "blocks/conv.py"]),
        ("from blocks import *", "SIX", ["blocks/__init__.py"]),
        ("if 1:\n    import beside", "beside.TWO", ["beside.py"]),
    ],
)
def test_modules_and_packages(folder, imports, value, found):
    place = folder(imports, value, **CONV)
    files = read_sources(place, "net.py")
    assert sorted(files) == sorted(["net.py", *found])
    assert all(data == (place / name).read_bytes() for name, data in files.items())
    before = {name for name in sys.modules if not name.startswith("_own_")}
    # From those files alone, as a registered network is: nothing was forgotten.
    with class_from("net.py:Net", {name: data.decode() for name, data in files.items()}):
        alone = find_class("net.py:Net").value
    assert alone == find_class("net.py:Net").value
    assert {name for name in sys.modules if not name.startswith("_own_")} == before


def test_from_one_file_to_the_next_and_round(folder):
    files = {
        "blocks/__init__": "from .conv import ONE",
        "blocks/conv": "from . import norm\nfrom .deep.er import THREE\nONE = THREE",
        "blocks/norm": "import beside",
        "blocks/deep/er": "from ..more import TWO\nTHREE = TWO + 1",
        "blocks/more": "TWO = 2",
        "beside": "import net\nimport sys",
        "unused": "import beside",
    }
    place = folder("import blocks", "getattr(blocks, 'ONE', 3)", **files)
    assert find_class("net.py:Net").value == 3
    assert "net" not in sys.modules
    assert set(read_sources(place, "net.py")) == {"net.py"} | {
        f"{name}.py" for name in files if name != "unused"
    }


def test_a_file_in_a_folder_imports_from_that_one(folder):
    files = {"nets/beside": "TWO = 2", "beside": "TWO = 'another'"}
    place = folder("from beside import TWO", "TWO", name="nets/net.py", **files)
    assert set(read_sources(place, "nets/net.py")) == {"nets/net.py", "nets/beside.py"}
    assert find_class("nets/net.py:Net").value == 2


def test_a_package_goes_before_a_module_of_its_name(folder):
    place = folder("import blocks", "blocks.SIX", **CONV, blocks="SIX = 'another'")
    assert set(read_sources(place, "net.py")) == {"net.py", "blocks/__init__.py"}
    assert find_class("net.py:Net").value == 6


def test_a_changed_file_is_another_class(folder):
    place = folder("from blocks.conv import ONE", "ONE", **CONV)
    assert find_class("net.py:Net").value == 1
    (place / "blocks/conv.py").write_text("ONE = 11")
    assert find_class("net.py:Net").value == 11


def test_what_lies_above_is_nobodys(folder):
    folder("", **CONV)
    place = folder("from ..beside import TWO", name="blocks/net.py")
    assert set(read_sources(place, "blocks/net.py")) == {"blocks/net.py"}


def test_a_name_that_is_taken(folder):
    folder("import numpy", numpy="")
    with pytest.raises(InputError, match=r"has the name of another module, numpy; give it another"):
        find_class("net.py:Net")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"def (", "net.py: line 1: is no Python: invalid syntax"),
        (b"x = 1\n  y = 2", "net.py: line 2: is no Python: unexpected indent"),
        (b"x = '\xff'", "net.py: byte 5 is not UTF-8 text; save it as text"),
        (b"\0", "net.py: is no Python: source code string cannot contain null bytes"),
        (b"(" * 500, "net.py: "),
        (None, "net.py: cannot be read: No such file or directory"),
    ],
)
@pytest.mark.parametrize("name", ["net.py", "beside.py"])
def test_what_is_no_python(tmp_path, content, said, name):
    (tmp_path / "net.py").write_text("import beside")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    elif name == "net.py":
        (tmp_path / name).unlink()
    else:
        # What is not there is no file of the folder.
        assert list(read_sources(tmp_path, "net.py")) == ["net.py"]
        return
    with pytest.raises(InputError) as caught:
        read_sources(tmp_path, "net.py")
    assert said.replace("net.py", name) in str(caught.value)


def test_the_names_that_are_taken_while_it_is_imported():
    files = dict.fromkeys(["nets/net.py", "nets/beside.py", "nets/blocks/conv.py"], b"")
    assert own_modules(files, "nets/net.py") == {"beside", "blocks"}


def test_an_import_within_a_function_is_refused(folder):
    """It would find nothing when the function is called."""
    where = folder("def late():\n    from beside import TWO\n    return TWO", beside="TWO = 2")
    with pytest.raises(InputError, match=r"net\.py: line 2: imports beside\.py within a function"):
        read_sources(where, "net.py")


def test_texts_of_a_network_are_written_below_its_folder_alone(tmp_path):
    outside = tmp_path / "mine.py"
    outside.write_text("MINE = 1")
    for name in (str(outside), "../mine.py"):
        written = class_from("net.py:Net", {name: "MINE = 2"})
        with pytest.raises(InputError, match="lies in no folder below"), written:
            pass
    assert outside.read_text() == "MINE = 1"
