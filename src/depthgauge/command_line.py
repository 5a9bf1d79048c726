"""argparse as the commands want it: errors in one line that name the nearest word, the help of many
commands in two columns, completion in a shell."""

import argparse
import difflib
from pathlib import Path
from typing import Any, NoReturn


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Leaves room for the longest command: argparse forgets that commands are indented."""

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if isinstance(action.choices, dict):
            longest = 2 * self._indent_increment + max(map(len, action.choices))
            self._action_max_length = max(self._action_max_length, longest)


class Completion(argparse.Action):
    """Prints the script for a shell, and ends; nothing of depthgauge runs when it completes."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Any, values: Any, option: Any = None
    ) -> NoReturn:
        import shtab

        choices = [action.choices for action in parser._actions]
        parsers = [
            parser,
            *(p for each in choices if isinstance(each, dict) for p in each.values()),
        ]
        for action in (action for each in parsers for action in each._actions):
            if action.type is Path:
                found = shtab.FILE if action.dest == "file" else shtab.DIRECTORY
                action.complete = found
        print(shtab.complete(parser, values))
        parser.exit()


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments, as of everything else."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"depthgauge: {message}; see `{self.prog} --help`\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse has it; an option that is unknown is told by the command that lacks it."""
        found, rest = super().parse_known_args(args, namespace)
        unknown = next((word.partition("=")[0] for word in rest if word.startswith("--")), None)
        if unknown:
            nearest = difflib.get_close_matches(unknown[:40], self._option_string_actions, n=1)
            hint = f"; did you mean {nearest[0]}?" if nearest else ""
            self.error(f"unrecognized arguments: {' '.join(rest)}{hint}")
        return found, rest

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            nearest = difflib.get_close_matches(str(value)[:40], map(str, action.choices), n=1)
            if nearest:
                message = f"invalid choice: {value!r}; did you mean {nearest[0]}?"
                raise argparse.ArgumentError(action, message)
        super()._check_value(action, value)
