"""Run the notebooks and store them with their pictures, for whoever reads and does not run.

    python -m tools.notebooks

The pipeline must have run at the root, whose results one of them shows. Each says by a digest which
code its outputs are of.
"""

import hashlib
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
KEY = "executed"


def code_digest(notebook: nbformat.NotebookNode) -> str:
    """Of the code of all cells, in their order."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook with what its cells print and draw, without anything of when or where."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=600, resources=resources, record_timing=False).execute()
    for cell in notebook.cells:
        # Progress on stderr is of this run alone.
        if cell.cell_type == "code":
            cell.outputs = [each for each in cell.outputs if each.get("name") != "stderr"]
            for output in cell.outputs:
                # What a picture is drawn from need not stand beside it.
                if "image/svg+xml" in output.get("data", {}):
                    del output.data["text/plain"]
    notebook.metadata[KEY] = code_digest(notebook)
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def main() -> None:
    for path in sorted(FOLDER.glob("*.ipynb")):
        nbformat.write(executed(path), path)


if __name__ == "__main__":
    main()
