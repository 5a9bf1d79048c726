"""tools/notebooks.py stores what cells show, and nothing of when or where they ran."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from tools.notebooks import code_digest, executed

pytestmark = pytest.mark.filterwarnings("default")
PICTURE = """
import sys

class Picture:
    def _repr_svg_(self):
        return "<svg/>"

print("said")
print("progress", file=sys.stderr)
Picture()
"""


def test_pictures_and_print_are_kept_and_nothing_else(tmp_path):
    path = tmp_path / "small.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(PICTURE)]), path)
    found = executed(path)
    (cell,) = found.cells
    assert cell.execution_count == 1
    assert [output.get("text") for output in cell.outputs] == ["said\n", None]
    assert cell.outputs[1].data == {"image/svg+xml": "<svg/>"}
    assert "execution" not in cell.metadata
    assert found.metadata["executed"] == code_digest(found)


def test_another_line_of_code_is_another_digest():
    one, other = (new_notebook(cells=[new_code_cell(code)]) for code in ("1", "2"))
    assert code_digest(one) != code_digest(other)
    assert code_digest(one) == code_digest(new_notebook(cells=[new_code_cell("1")]))
