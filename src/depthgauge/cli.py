"""The command `depthgauge`: a table of commands, and a person's errors in one line.

Each command is a stage of its name, imported when it is run: starting one must not cost the imports
of another. Its help is the docstring of the stage's module.
"""

import argparse
import contextlib
import errno
import os
import pkgutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from depthgauge import __version__
from depthgauge.artifacts.code import STAGES
from depthgauge.axes.axis import axis_names
from depthgauge.command_line import Completion, Formatter, Parser
from depthgauge.comparison.arguments import add_arguments
from depthgauge.errors import InputError
from depthgauge.files.leftovers import sweep
from depthgauge.hints import named_commands
from depthgauge.interruption import importing, interrupted, is_taken, raise_taken
from depthgauge.progress import say
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import RECIPES, Settings
from depthgauge.workflow.layout import find_experiment

DESCRIPTION = """\
How deep can a network be before it overfits your data, and is that answer real or luck?

Run `dvc repro` for the whole pipeline. Each of its stages is a command here, to be run in the
folder of an experiment (the one that holds params.yaml), below it, or with -C FOLDER.
"""
EXAMPLES = """\
examples:
  depthgauge new my.csv --target price       an experiment of your own, from a table
  depthgauge demo                            the default experiment, in an empty folder
  depthgauge check                           is everything good? Writes nothing
  depthgauge -C experiments/pageviews check  another experiment
  depthgauge explain DG103                   what a verdict or a warning means, by its code
  depthgauge train --help                    what a command does, with examples
  eval "$(depthgauge --completion bash)"     the tab key completes commands from now on
"""
SHELLS = ("bash", "zsh", "tcsh")
# Those that write results, which one that was killed may have left half written.
WRITING = ("code", *STAGES, "track")
# The machine's word on a file, whoever asked: no fault of the program.
REFUSED = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO),
    *(errno.EMFILE, errno.ENFILE),
}
# Those that make an experiment, look at runs of others, or at nothing.
WITHOUT_SETTINGS = ("new", "demo", "compare", "explain")
KINDS = ("table", "series", "images", "sequences")
Argument = Callable[[argparse.ArgumentParser], object]


def _argument(*names: str, **how: Any) -> Argument:
    return lambda parser: parser.add_argument(*names, **how)


_STORAGE = _argument(
    "--storage", metavar="URL", help="database or journal (OPTUNA_STORAGE, else .depthgauge)"
)


def _point_flags(parser: argparse.ArgumentParser) -> None:
    # Text until the settings are read: what a point is, they say.
    flags = parser.add_mutually_exclusive_group(required=True)
    for axis in axis_names():
        text = f"the point, where the axis is {axis}"
        pair = partial(lambda axis, text: (axis, text), axis)
        flags.add_argument(f"--{axis}", dest="point", metavar="P", type=pair, help=text)
    pair = partial(lambda axis, text: (axis, text), "point")
    flags.add_argument("--point", metavar="P", type=pair, help="the point, whatever the axis is")


# In the order of the help. A command is the function of its name in the stage of its name, called
# with the folder, the settings and its arguments here by their names.
COMMANDS: dict[str, tuple[Argument, ...]] = {
    "new": (
        _argument("file", type=Path, metavar="FILE", help="a CSV, Parquet or .ts file"),
        _argument("--target", metavar="COLUMN", help="the column to predict"),
        _argument("--name", help="the name of the experiment (default: that of the file)"),
        _argument(
            "--kind", choices=KINDS, help="what a row is: an example, a time, an image, a step"
        ),
        _argument("--task", choices=("regression", "classification"), help="what the target is"),
        _argument("--date", metavar="COLUMN", help="of times, or of the steps of sequences"),
        _argument("--id", metavar="COLUMN", help="which sequence a row belongs to"),
        _argument("--inputs", nargs="+", metavar="COLUMN", help="what alone predicts it"),
        _argument("--network", metavar="FILE:CLASS", help="a torch.nn.Module of your own"),
    ),
    "demo": (),
    "check": (),
    "code": (
        _argument("--check", action="store_true", help="write nothing; fail where one is stale"),
    ),
    "prepare": (),
    "baselines": (),
    "search": (
        _point_flags,
        _argument("--recipe", dest="name", choices=RECIPES, default="tuned", help="default: tuned"),
        _argument(
            "--trials", type=int, metavar="N", help="so many more (default: up to search.trials)"
        ),
        _argument("--timeout", type=float, metavar="S", help="begin no trial after S seconds"),
        _argument(
            "--enqueue",
            nargs="+",
            action="append",
            metavar="NAME=VALUE",
            help="a trial of your own; again for another one",
        ),
        _argument("--out", type=Path, metavar="DIR", help="write what it finds there, by hand"),
        _STORAGE,
    ),
    "train": (
        _point_flags,
        _argument("--recipe", dest="name", choices=RECIPES, required=True, help="which to train"),
    ),
    "look": (),
    "evaluate": (),
    "report": (),
    "track": (),
    "ui": (_argument("--port", type=int, default=5000, metavar="P", help="default: 5000"),),
    "studies": (
        _argument("--port", type=int, default=8080, metavar="P", help="default: 8080"),
        _argument("--best", action="store_true", help="print the best trials; serve nothing"),
        _STORAGE,
    ),
    "register": (
        _argument("--name", help="of the registered model (default: that of the experiment)"),
    ),
    "compare": (add_arguments,),
    "explain": (
        _argument("words", nargs="*", metavar="CODE", help="a code, or the words that have one"),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, 2 for bad input, 130 or 143 when interrupted."""
    parser = make_parser()
    options: dict[str, Any] = {"folder": Path()}
    try:
        options = vars(parser.parse_args(arguments))
        if options["command"] is None:
            parser.print_help()
        else:
            _run(**options)
        sys.stdout.flush()
        raise_taken()
    except InputError as error:
        if is_taken():
            return interrupted(error, ends=arguments is None)
        print(f"depthgauge: {named_commands(str(error), options['folder'])}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as error:
        return interrupted(error, ends=arguments is None)
    except BrokenPipeError:
        # Whoever read the output has had enough, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as error:
        # Raised inside a library, it may come out as anything.
        if is_taken():
            return interrupted(error, ends=arguments is None)
        if not isinstance(error, OSError) or error.errno not in REFUSED:
            raise
        said = InputError(f"{error.filename or 'a file'}: cannot be used: {error.strerror}")
        print(f"depthgauge: {said}", file=sys.stderr)
        return 2
    return 0


def _run(command: str, folder: Path, **given: Any) -> None:
    if command not in WITHOUT_SETTINGS:
        folder = _find_experiment(folder)
        # What is wrong with the settings is told before the stage's imports, which take seconds.
        settings = given["settings"] = load_settings(folder)
        if "point" in given:
            given["point"] = _find_point(settings, *given["point"])
            name = given.get("name")
            if name is not None and name not in settings.recipes:
                raise InputError(f"--recipe {name}: is not in recipes of params.yaml")
    with importing():
        stage: Any = import_module(f"depthgauge.stages.{command}")
    if command == "search":
        asked = {key: given.pop(key) for key in ("trials", "timeout", "out", "storage", "enqueue")}
        given["by_hand"] = stage.ByHand(**asked)
    if command in WRITING and not given.get("check"):
        sweep(folder)
    with _times(command, folder, given):
        getattr(stage, command)(folder, **given)


def _find_experiment(folder: Path) -> Path:
    """The experiment around a folder; where it is another folder, a person is told which."""
    found = find_experiment(folder)
    if found != folder:
        say(f"depthgauge: the experiment in {found.resolve()}")
    return found


def _times(
    command: str, folder: Path, given: Mapping[str, Any]
) -> contextlib.AbstractContextManager[None]:
    """Of a training, how long it takes is kept."""
    if command != "train":
        return contextlib.nullcontext()
    from depthgauge.artifacts.durations import timed
    from depthgauge.artifacts.runs import trained_path

    return timed(folder / trained_path(given["name"], given["point"]))


def _find_point(settings: Settings, axis: str, asked: str) -> Any:
    """The point asked for, which must be one of the settings': a number as they write it or equal,
    or a name."""
    if axis not in (settings.axis, "point"):
        raise InputError(f"params.yaml: axis: is {settings.axis}; name a point with that flag")
    for point in settings.points:
        with contextlib.suppress(ValueError):
            if str(point) == asked or (not isinstance(point, str) and float(asked) == point):
                return point
    raise InputError(
        f"--{axis} {asked[:40]}: is not among the points of params.yaml, {settings.points}"
    )


def make_parser() -> argparse.ArgumentParser:
    """Of all commands; ends the process with one line and exit code 2 for bad arguments."""
    plain: Any = {"formatter_class": Formatter}
    parser = Parser(prog="depthgauge", description=DESCRIPTION, epilog=EXAMPLES, **plain)
    parser.add_argument("--version", action="version", version=f"depthgauge {__version__}")
    here = "the experiment's folder, or one in it (default: this one)"
    parser.add_argument("-C", dest="folder", metavar="FOLDER", type=Path, default=Path(), help=here)
    completed = "print what completes commands and options in a shell"
    quiet: Any = {"dest": argparse.SUPPRESS, "default": argparse.SUPPRESS}
    parser.add_argument("--completion", choices=SHELLS, action=Completion, help=completed, **quiet)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, arguments in COMMANDS.items():
        line, text, examples = (part.replace("%", "%%") for part in _help(name))
        command = commands.add_parser(name, help=line, description=text, epilog=examples, **plain)
        for add in arguments:
            add(command)
    return parser


def _help(name: str) -> tuple[str, str, str]:
    """From the docstring of a stage's module, which is not imported: the line after its name, all
    that is said, and the examples."""
    source = (pkgutil.get_data("depthgauge.stages", f"{name}.py") or b"").decode()
    docstring = source.split('"""', 2)[1]
    line, _, rest = docstring.partition("\n\n")
    more, _, examples = rest.partition("\n\nexamples:\n")
    line = line.removeprefix(f"{name}: ").rstrip(".")
    end = "" if line.endswith("?") else "."
    return line, f"{line[0].upper()}{line[1:]}{end}\n\n{more}", f"examples:\n{examples}"
