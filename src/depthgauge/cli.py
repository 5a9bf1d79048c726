"""The command `depthgauge`: a table of commands, and a person's errors in one line.

Each command is a stage of its name, imported when it is run: starting one must not cost the imports
of another. Its help is the docstring of the stage's module.
"""

import argparse
import contextlib
import difflib
import os
import pkgutil
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from depthgauge import __version__
from depthgauge.axes.axis import axis_names
from depthgauge.errors import InputError
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import RECIPES, Settings

DESCRIPTION = """\
How deep can a network be before it overfits your data, and is that answer real or luck?

Run `dvc repro` for the whole pipeline. Each of its stages is a command here, to be run in the
folder of an experiment (the one that holds params.yaml) or with -C FOLDER.
"""
EXAMPLES = """\
examples:
  depthgauge new my.csv --target price       an experiment of your own, from a table
  depthgauge check                           is everything good? Writes nothing
  depthgauge -C experiments/pageviews check  another experiment
  depthgauge train --help                    what a command does, with examples
"""
Options = argparse.Namespace
Argument = Callable[[argparse.ArgumentParser], object]
Run = Callable[[Any, Options], None]


def _argument(*names: str, **how: Any) -> Argument:
    return lambda parser: parser.add_argument(*names, **how)


def _point_flags(parser: argparse.ArgumentParser) -> None:
    # Text until the settings are read: what a point is, they say.
    flags = parser.add_mutually_exclusive_group(required=True)
    for axis in axis_names():
        flags.add_argument(f"--{axis}", metavar="P", help=f"the point, where the axis is {axis}")


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number") from None


def _new(stage: Any, o: Options) -> None:
    given = stage.Overrides(o.target, o.kind, o.task, o.date) if o.target is not None else None
    stage.new(o.folder, o.file, o.name, given)


# In the order of the help: what calls the stage's function, and the arguments of the command. A
# stage may read o.folder; o.settings and o.point, which are good by then; and its own arguments.
COMMANDS: dict[str, tuple[Run, *tuple[Argument, ...]]] = {
    "new": (
        _new,
        _argument("file", type=Path, metavar="FILE", help="a CSV or Parquet file"),
        _argument("--target", metavar="COLUMN", help="the column to predict"),
        _argument("--name", help="the name of the experiment (default: that of the file)"),
        _argument("--kind", choices=("table", "series", "images"), help="what a row is"),
        _argument("--task", choices=("regression", "classification"), help="what the target is"),
        _argument("--date", metavar="COLUMN", help="the column of times, of rows or of a series"),
    ),
    "check": (lambda stage, o: stage.check(o.folder, o.settings),),
    "code": (
        lambda stage, o: stage.code(o.folder, o.settings, o.check),
        _argument("--check", action="store_true", help="write nothing; fail where one is stale"),
    ),
    "prepare": (lambda stage, o: stage.prepare(o.folder, o.settings),),
    "search": (
        lambda stage, o: stage.search(
            o.folder, o.settings, o.recipe, o.point, stage.ByHand(o.trials, o.out, o.storage)
        ),
        _point_flags,
        _argument(
            "--recipe", choices=RECIPES, default="tuned", help="which recipe (default: tuned)"
        ),
        _argument(
            "--trials",
            type=_whole_number,
            metavar="N",
            help="go on to N finished trials, by hand (default: search.trials)",
        ),
        _argument("--out", type=Path, metavar="DIR", help="write what it finds there, by hand"),
        _argument(
            "--storage",
            metavar="URL",
            help="database or journal file, by hand (default: .depthgauge/optuna.log)",
        ),
    ),
    "promote": (
        lambda stage, o: stage.promote(o.folder, o.settings, o.point, o.source),
        _point_flags,
        _argument(
            "--from",
            dest="source",
            type=Path,
            metavar="DIR",
            help="what `search --out DIR` wrote (default: the pipeline's results)",
        ),
    ),
    "train": (
        lambda stage, o: stage.train(o.folder, o.settings, o.recipe, o.point),
        _point_flags,
        _argument("--recipe", choices=RECIPES, required=True, help="which recipe to train"),
    ),
    "evaluate": (lambda stage, o: stage.evaluate(o.folder, o.settings),),
    "report": (lambda stage, o: stage.report(o.folder, o.settings),),
    "track": (lambda stage, o: stage.track(o.folder, o.settings),),
    "register": (
        lambda stage, o: stage.register(o.folder, o.settings, o.name),
        _argument("--name", help="of the registered model (default: that of the experiment)"),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, 2 for bad input, 130 when interrupted."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    try:
        if options.command is None:
            parser.print_help()
        else:
            _run(options)
        sys.stdout.flush()
    except InputError as error:
        print(f"depthgauge: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        if arguments is None:
            # The process ends here; an impatient second key press must not tear that up.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("depthgauge: interrupted; the next run goes on from here", file=sys.stderr)
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # Whoever read the output has had enough, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return 0


def _run(options: Options) -> None:
    # What is wrong with the settings is told before the stage's imports, which take seconds.
    if options.command != "new":
        options.settings = load_settings(options.folder)
    run, *arguments = COMMANDS[options.command]
    if _point_flags in arguments:
        options.point = _point(options, options.settings)
    recipe = getattr(options, "recipe", None)
    if recipe is not None and recipe not in options.settings.recipes:
        raise InputError(f"--recipe {recipe}: is not in recipes of params.yaml")
    run(import_module(f"depthgauge.stages.{options.command}"), options)


def _point(options: Options, settings: Settings) -> Any:
    """The point asked for, which must be one of the settings': a number as they write it or equal,
    or a name."""
    asked = getattr(options, settings.axis, None)
    if asked is None:
        raise InputError(f"params.yaml: axis: is {settings.axis}; name a point with that flag")
    for point in settings.points:
        with contextlib.suppress(ValueError):
            if str(point) == asked or (not isinstance(point, str) and float(asked) == point):
                return point
    raise InputError(
        f"--{settings.axis} {asked[:40]}: is not among the points of params.yaml, {settings.points}"
    )


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments, as of everything else."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"depthgauge: {message}; see `{self.prog} --help`\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            nearest = difflib.get_close_matches(str(value)[:40], map(str, action.choices), n=1)
            if nearest:
                message = f"invalid choice: {value!r}; did you mean {nearest[0]}?"
                raise argparse.ArgumentError(action, message)
        super()._check_value(action, value)


def make_parser() -> argparse.ArgumentParser:
    """Of all commands; ends the process with one line and exit code 2 for bad arguments."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="depthgauge", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=plain
    )
    parser.add_argument("--version", action="version", version=f"depthgauge {__version__}")
    parser.add_argument(
        "-C",
        dest="folder",
        metavar="FOLDER",
        type=Path,
        default=Path(),
        help="the experiment's folder (default: this one)",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, (_, *arguments) in COMMANDS.items():
        line, more, examples = _help(name)
        text = f"{line[0].upper()}{line[1:]}.\n\n{more}"
        command = commands.add_parser(
            name,
            help=line.replace("%", "%%"),
            description=text.replace("%", "%%"),
            epilog=examples.replace("%", "%%"),
            formatter_class=plain,
        )
        for add in arguments:
            add(command)
    return parser


def _help(name: str) -> tuple[str, str, str]:
    """From the docstring of a stage's module, which is not imported: the line after its name, what
    is said below it, and the examples."""
    source = (pkgutil.get_data("depthgauge.stages", f"{name}.py") or b"").decode()
    docstring = source.split('"""', 2)[1]
    line, _, rest = docstring.partition("\n\n")
    more, _, examples = rest.partition("\n\nexamples:\n")
    return line.removeprefix(f"{name}: ").rstrip("."), more, f"examples:\n{examples}"
