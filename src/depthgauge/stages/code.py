"""code: write down which code decides the numbers of each stage.

A text for each stage in the folder code, on which DVC's stages depend: a line for each file of the
program, without its comments and messages, and for each library.

examples:
  depthgauge code
  depthgauge code --check   # are the committed results those of this code?
"""

from pathlib import Path

from depthgauge.artifacts.code import (
    STAGES,
    check_code,
    code_changes,
    code_path,
    run_again,
    write_code,
)
from depthgauge.artifacts.tracked import forget_untracked
from depthgauge.progress import say
from depthgauge.settings.schema import Settings
from depthgauge.workflow.dvc_files import keep_lock


def code(folder: Path, settings: Settings, check: bool) -> None:
    """Write what decides each stage's numbers, and say which will run again and why.

    check: write nothing; raises InputError if a file is not of the present code.
    """
    if check:
        check_code(folder, settings)
        return
    # The first that runs of each `dvc repro`: what is whole now is kept, to be put back from.
    keep_lock(folder)
    # What could not be logged to MLflow the last time is tried again by this one.
    forget_untracked(folder)
    is_first = not any((folder / code_path(stage)).exists() for stage in STAGES)
    told = list(run_again(code_changes(folder, settings)))
    write_code(folder, settings)
    if is_first:
        say("code: written down for the first time: every stage runs")
        return
    for line in told:
        say(f"code: {line}")
