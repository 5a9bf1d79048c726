"""What a run of many inputs or faults counts, a line of JSON each, for docs/reliability.md.

`python -m tests.hostile.counts FILE` adds them up.
"""

import json
import os
import sys
from pathlib import Path

from tools.reliability import counts_of

# The file that lines are appended to; nothing is counted without it.
COUNTS = "DEPTHGAUGE_RELIABILITY_COUNTS"
# How many inputs of each kind are tried: a sample unless it is set, by `make hostile` say.
INPUTS = "DEPTHGAUGE_HOSTILE_INPUTS"
SAMPLE = 20


def inputs() -> int:
    """How many inputs of each kind to try."""
    return int(os.environ.get(INPUTS, SAMPLE))


def count(kind: str, **numbers: int) -> None:
    """Append what was counted of a kind. Several processes may: a line is written at once."""
    path = os.environ.get(COUNTS)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **numbers}) + "\n")


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    for name, added in counts_of(lines).items():
        print(f"{name}: " + ", ".join(f"{number:,} {what}" for what, number in added.items()))
