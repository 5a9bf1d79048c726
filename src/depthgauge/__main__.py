"""`python -m depthgauge` is `depthgauge`; a key press during imports is told in one line too."""

import signal
import sys


def start() -> int:
    """The command of the process's own arguments. Returns the exit code."""
    try:
        from depthgauge.cli import main

        return main()
    except KeyboardInterrupt:
        # The process ends here; an impatient second key press must not tear that up.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("depthgauge: interrupted; the next run goes on from here", file=sys.stderr)
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(start())
