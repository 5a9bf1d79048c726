"""Runs stages, each in a forked process of its own in which one operation goes wrong.

A start of Python with all that a stage imports takes seconds; this process has imported it once.
Run as `python -m tests.faults.server`; `Stages` is its other end.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.faults.inject import Fault, Injector

IMPORTED = (
    *("torch", "pandas", "scipy.stats", "sklearn.linear_model", "altair", "optuna"),
    *("mlflow", "mlflow.store.tracking.sqlalchemy_store", "mlflow.tracking"),
    *("depthgauge.cli", "depthgauge.search.tune", "depthgauge.tracking.update"),
    *("depthgauge.stages." + name for name in ("code", "prepare", "baselines", "search", "train")),
    *("depthgauge.stages." + name for name in ("look", "evaluate", "report", "track")),
)
SILENCE = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "OMP_NUM_THREADS": "1"}
PATIENCE_S = 120


@dataclass(frozen=True)
class Done:
    """code: as of subprocess, a signal's number less than 0. reached: the operation that went
    wrong, "" where the run ended without it. count: the operations of the kind."""

    code: int
    output: str
    reached: str
    count: int


class Stages:
    """The server, and what it is asked."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | SILENCE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def run(self, folder: Path, arguments: Sequence[str], fault: Fault, **environment: str) -> Done:
        asked = {"folder": str(folder), "arguments": list(arguments), "fault": asdict(fault)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked | {"environment": environment}) + "\n")
        self._process.stdin.flush()
        return Done(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()


def serve() -> None:
    """Until the input ends, one line of JSON a question and an answer."""
    warnings.simplefilter("ignore")
    for name in IMPORTED:
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        answers.write(json.dumps(asdict(_answer(json.loads(line)))) + "\n")
        answers.flush()


def _answer(asked: dict[str, Any]) -> Done:
    told, tell = os.pipe()
    output = os.memfd_create("output")
    child = os.fork()
    if not child:
        try:
            _run(asked, output, tell)
        finally:
            os._exit(70)
    os.close(tell)
    status = os.waitpid(child, 0)[1]
    with os.fdopen(told) as lines:
        reports = [json.loads(line) for line in lines]
    size = os.lseek(output, 0, os.SEEK_END)
    text = os.pread(output, size, 0).decode()
    os.close(output)
    reached = next((what for _, what in reports if what), "")
    count = max((number for number, _ in reports), default=0)
    return Done(os.waitstatus_to_exitcode(status), text, reached, count)


def _run(asked: dict[str, Any], output: int, tell: int) -> None:
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.alarm(PATIENCE_S)
    os.environ.update(asked["environment"])
    write = os.write

    def report(count: int, what: str) -> None:
        write(tell, (json.dumps([count, what]) + "\n").encode())

    injector = Injector(Path(asked["folder"]), Fault(**asked["fault"]), report)
    injector.install()
    sys.argv[1:] = ["-C", asked["folder"], *asked["arguments"]]
    from depthgauge.__main__ import start

    code: Any = 70
    try:
        code = start()
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    report(injector.count, "")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
