"""The command `depthgauge`: arguments to stages, and a person's errors to one line."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from depthgauge.commands import HELP
from depthgauge.errors import InputError
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import AXES, RECIPES, Settings

DESCRIPTION = """\
How deep can a network be before it overfits your data, and is that answer real or luck?

Run `dvc repro` for the whole pipeline. Each of its stages is a command here, to be run in the
folder of an experiment (the one that holds params.yaml) or with -C FOLDER.
"""
EXAMPLES = """\
examples:
  depthgauge new my.csv --target price       an experiment of your own, from a table
  depthgauge check                           is everything good? Writes nothing
  depthgauge train --depth 3 --recipe fixed  train all replicates of one point
  depthgauge -C experiments/pageviews check  another experiment
  depthgauge search --depth 3 --trials 200   go on with a study; writes no result
  depthgauge promote --depth 3               make what it found the fixed recipe
  depthgauge track                           log to MLflow what it does not hold yet
  depthgauge register                        the recommended network as a model in MLflow
"""


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments, as of everything else."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"depthgauge: {message}; see `{self.prog} --help`\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, 2 for bad input, 130 when interrupted."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
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


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="depthgauge",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "-C",
        dest="folder",
        metavar="FOLDER",
        type=Path,
        default=Path(),
        help="the experiment's folder (default: this one)",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], None]) -> _Parser:
        said = HELP[name]
        examples = said.examples.replace("\n", "\n  ")
        command = commands.add_parser(
            name,
            help=said.line,
            description=f"{said.line[0].upper()}{said.line[1:]}.\n\n{said.more}",
            epilog=f"examples:\n  {examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=run)
        return command

    new = add("new", _new)
    new.add_argument("file", type=Path, metavar="FILE", help="a CSV or Parquet file")
    new.add_argument("--target", metavar="COLUMN", help="the column to predict")
    new.add_argument("--name", help="the name of the experiment (default: that of the file)")
    new.add_argument("--kind", choices=("table", "series", "images"), help="what a row is")
    new.add_argument("--task", choices=("regression", "classification"), help="what the target is")
    new.add_argument(
        "--date", metavar="COLUMN", help="the column of times: of a series, or to split a table by"
    )
    add("check", _check)
    add("prepare", _prepare)
    _with_point(add("recipe", _recipe))
    search = add("search", _search)
    _with_point(search)
    search.add_argument(
        "--trials",
        type=_whole_number,
        metavar="N",
        help="finished trials in all, by hand: no output of the pipeline is written "
        "(default: search.trials of params.yaml)",
    )
    search.add_argument(
        "--out", type=Path, metavar="DIR", help="write the recipe and the trials there, by hand"
    )
    search.add_argument(
        "--storage",
        metavar="URL",
        help="an Optuna storage, by hand: a database URL or a journal file "
        "(default: .depthgauge/optuna.log)",
    )
    promote = add("promote", _promote)
    _with_point(promote)
    promote.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="DIR",
        help="what `search --out DIR` wrote (default: the pipeline's results)",
    )
    train = add("train", _train)
    _with_point(train)
    train.add_argument("--recipe", choices=RECIPES, required=True, help="which recipe to train")
    add("evaluate", _evaluate)
    add("report", _report)
    track = add("track", _track)
    track.add_argument("--live", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    register = add("register", _register)
    register.add_argument(
        "--name", help="the name of the registered model (default: that of the experiment)"
    )
    return parser


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number") from None


def _with_point(command: _Parser) -> None:
    points = command.add_mutually_exclusive_group(required=True)
    for axis in AXES:
        points.add_argument(
            f"--{axis}",
            type=_whole_number,
            metavar="P",
            help=f"the point, where the axis is {axis}",
        )


def _settings(options: argparse.Namespace) -> tuple[Path, Settings]:
    return options.folder, load_settings(options.folder)


def _point(options: argparse.Namespace, settings: Settings) -> int:
    """The point asked for, which must be one of the settings'."""
    point = getattr(options, settings.axis, None)
    if not isinstance(point, int):
        raise InputError(f"params.yaml: axis: is {settings.axis}; name a point with that flag")
    if point not in settings.points:
        raise InputError(
            f"--{settings.axis} {point}: is not among the points of params.yaml, {settings.points}"
        )
    return point


# Each stage is imported when it is run: starting one must not cost the imports of another.


def _new(options: argparse.Namespace) -> None:
    from depthgauge.infer.inferred import Overrides
    from depthgauge.stages.new import new

    overrides = None
    if options.target is not None:
        overrides = Overrides(options.target, options.kind, options.task, options.date)
    new(options.folder, options.file, options.name, overrides)


def _check(options: argparse.Namespace) -> None:
    from depthgauge.stages.check import check

    check(*_settings(options))


def _prepare(options: argparse.Namespace) -> None:
    from depthgauge.stages.prepare import prepare

    prepare(*_settings(options))


def _recipe(options: argparse.Namespace) -> None:
    from depthgauge.stages.recipe import recipe

    folder, settings = _settings(options)
    recipe(folder, settings, _point(options, settings))


def _search(options: argparse.Namespace) -> None:
    folder, settings = _settings(options)
    point = _point(options, settings)
    if point not in settings.search.points:
        raise InputError(
            f"--{settings.axis} {point}: is not in search.points of params.yaml; add `tuned` to "
            "recipes and the points to search.points"
        )
    from depthgauge.stages.search import ByHand, search

    search(folder, settings, point, ByHand(options.trials, options.out, options.storage))


def _promote(options: argparse.Namespace) -> None:
    folder, settings = _settings(options)
    from depthgauge.stages.promote import promote

    promote(folder, settings, _point(options, settings), options.source)


def _train(options: argparse.Namespace) -> None:
    folder, settings = _settings(options)
    point = _point(options, settings)
    if options.recipe not in settings.recipes:
        raise InputError(f"--recipe {options.recipe}: is not in recipes of params.yaml")
    from depthgauge.stages.train import train

    train(folder, settings, options.recipe, point)


def _evaluate(options: argparse.Namespace) -> None:
    from depthgauge.stages.evaluate import evaluate

    evaluate(*_settings(options))


def _report(options: argparse.Namespace) -> None:
    from depthgauge.stages.report import report

    report(*_settings(options))


def _track(options: argparse.Namespace) -> None:
    if options.live:
        from depthgauge.tracking.watch import watch

        watch(options.live)
        return
    from depthgauge.stages.track import track

    track(*_settings(options))


def _register(options: argparse.Namespace) -> None:
    folder, settings = _settings(options)
    from depthgauge.stages.register import register

    register(folder, settings, options.name)
