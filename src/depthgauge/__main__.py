"""`python -m depthgauge` is `depthgauge`; a key press during imports is told in one line too."""

import sys

from depthgauge.errors import interrupted


def start() -> int:
    """The command of the process's own arguments. Returns the exit code."""
    try:
        from depthgauge.cli import main

        return main()
    except KeyboardInterrupt:
        return interrupted(ends=True)


if __name__ == "__main__":
    sys.exit(start())
