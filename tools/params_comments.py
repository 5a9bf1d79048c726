"""Write the comments of every bundled params.yaml anew, from what the settings say of themselves.

    python tools/params_comments.py

The comment at the top of each file and all values stay.
"""

import itertools
import sys
from pathlib import Path

from depthgauge.errors import InputError
from depthgauge.settings.load import FILE, load_settings
from depthgauge.settings.params_file import params_text

ROOT = Path(__file__).resolve().parent.parent


def read_heading(text: str) -> str:
    """The comment with which a params.yaml begins, without `#`."""
    lines = itertools.takewhile(lambda line: line.startswith("#"), text.splitlines())
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)


def bundled(root: Path) -> list[Path]:
    """The folders of the bundled experiments, the root's first."""
    return [root, *sorted(path.parent for path in root.glob(f"experiments/*/{FILE}"))]


def rewrite(folder: Path) -> str:
    """What the params.yaml of a folder should be. Raises InputError where it is not good."""
    settings = load_settings(folder)
    return params_text(settings, read_heading((folder / FILE).read_text(encoding="utf-8")))


if __name__ == "__main__":
    try:
        texts = {folder / FILE: rewrite(folder) for folder in bundled(ROOT)}
    except InputError as error:
        sys.exit(str(error))
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
