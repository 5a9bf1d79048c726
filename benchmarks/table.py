"""What all benchmarks have in common: two flags, and a table that is printed and kept if asked."""

import argparse
from collections.abc import Iterable
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def command_line(doc: str, name: str) -> argparse.ArgumentParser:
    """A parser with --quick and --write. doc: the benchmark's own words, the first line is shown.

    name: of the file in results/ that --write writes where no other name is given.
    """
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument(
        "--quick",
        action="store_true",
        help="little work: does it run at all? Its numbers mean nothing",
    )
    parser.add_argument(
        "--write",
        nargs="?",
        const=name,
        metavar="NAME",
        help=f"also write benchmarks/results/NAME.md (without a NAME: {name}.md)",
    )
    return parser


def show(lines: Iterable[str], write: str | None) -> None:
    """Print each Markdown line as it comes; write: the name of the file that keeps them, if any."""
    kept = []
    for line in lines:
        print(line, flush=True)
        kept.append(line)
    if write:
        (RESULTS / f"{write}.md").write_text("\n".join(kept) + "\n", encoding="utf-8")
