"""The arguments of `depthgauge compare`; nothing heavy is imported to know them."""

import argparse
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Those that the stage takes, by their names there."""
    parser.add_argument("source", nargs="?", help="a file, an MLflow experiment or a folder")
    parser.add_argument("--query", metavar="FILTER", help="runs in MLflow, in its search language")
    parser.add_argument("--metric", metavar="COLUMN", help="what is compared")
    to: dict[str, Any] = {"dest": "higher", "default": None, "help": "of the metric"}
    flags = parser.add_mutually_exclusive_group()
    flags.add_argument("--higher-is-better", action="store_true", **to)
    flags.add_argument("--lower-is-better", action="store_false", **to)
    # Each takes one name, so that none takes the source for another.
    for name, text in {
        "seed": "what tells repetitions apart (may be given again)",
        "by": "a setting, where not all are (may be given again)",
        "ignore": "what is no setting (may be given again)",
    }.items():
        parser.add_argument(f"--{name}", action="append", metavar="COLUMN", help=text)
    parser.add_argument(
        "--order", metavar="COLUMN", help="the setting that is simple where it is small"
    )
    parser.add_argument(
        "--alpha", type=float, default=0.05, help="the chance of any false alarm (default: 0.05)"
    )
    parser.add_argument("--write", action="store_true", help="put the verdicts into MLflow")
    form: dict[str, Any] = {"dest": "form", "default": "table", "action": "store_const"}
    flags = parser.add_mutually_exclusive_group()
    flags.add_argument("--text", const="text", help="a paragraph and a table in LaTeX", **form)
    flags.add_argument("--json", const="json", help="all numbers", **form)
