"""`python -m depthgauge` is `depthgauge`; a signal during imports is told in one line too."""

import sys

from depthgauge.follow import follow_dvc
from depthgauge.interruption import ends_at_once, ends_in_order, interrupted


def start() -> int:
    """The command of the process's own arguments. Returns the exit code."""
    ends_at_once()
    follow_dvc()
    try:
        from depthgauge.cli import main

        ends_in_order()
        code = main()
        ends_at_once()
    except KeyboardInterrupt as error:
        return interrupted(error, ends=True)
    return code


if __name__ == "__main__":
    sys.exit(start())
