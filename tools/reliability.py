"""Put the counts of a full run of the hostile tests into docs/reliability.md.

    python tools/reliability.py counts.jsonl

counts.jsonl is what those tests wrote, a line of JSON for each (tests/hostile/counts.py); `make
faults signals` names it. The table between the two marks of the page is made anew.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs/reliability.md"
BEGIN, END = "<!-- counts -->", "<!-- /counts -->"
# What is told of every kind, and the names under which tests count it.
COLUMNS = {
    "tried": ("injected", "signals", "tried"),
    "equal bytes, or refused in one line": ("equal", "accepted", "refused"),
    "results lost": ("lost",),
    "tracebacks": ("tracebacks",),
    "other faults": ("told_badly", "lived_on", "faults"),
}


def counts_of(lines: Iterable[str]) -> dict[str, Counter[str]]:
    """What was counted of each kind, of all tests together."""
    found: dict[str, Counter[str]] = {}
    for line in lines:
        numbers = json.loads(line)
        found.setdefault(numbers.pop("kind"), Counter()).update(numbers)
    return found


def table(counted: dict[str, Counter[str]]) -> str:
    """A row for each kind, and one for all of them."""
    rows = [["", *COLUMNS], ["---", *("---:" for _ in COLUMNS)]]
    of_all: Counter[str] = Counter()
    for kind, numbers in sorted(counted.items()):
        told = {name: sum(numbers[key] for key in keys) for name, keys in COLUMNS.items()}
        rows.append([kind, *(f"{number:,}" for number in told.values())])
        of_all.update(told)
    rows.append(["**all**", *(f"**{of_all[name]:,}**" for name in COLUMNS)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def with_counts(page: str, made: str) -> str:
    """The page with another table between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


if __name__ == "__main__":
    made = table(counts_of(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()))
    text = with_counts(PAGE.read_text(encoding="utf-8"), made)
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(made)
