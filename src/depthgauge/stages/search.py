"""search: write the recipe of one point: that of params.yaml, or searched for.

The recipes `fixed` and `grouped` are that of params.yaml, with the point's own value. For `tuned`
Optuna searches learning rate, batch size and width on train and validation data alone. A study goes
on where it stopped, up to search.trials. With --trials N each study runs N more, as with Optuna's
n_trials; with --timeout S none begins after S seconds. --enqueue NAME=VALUE ... is a trial of your
own, as with Optuna's enqueue_trial: values that are not named are drawn. It comes after the trials
of the pipeline, or in another storage after the recipe itself, so that these stay what they are;
then as many are run as were enqueued, or --trials N with them. With any of these, --out or
--storage it is run by hand and touches no output of the pipeline.

Started several times at once on one storage, each takes a share of the trials. A study is called
"EXPERIMENT AXIS POINT study N DIGEST" there: `depthgauge studies --best` tells the names, and
docs/tuning.md how to open it with Optuna.

examples:
  depthgauge search --depth 3
  depthgauge search --depth 3 --recipe fixed
  depthgauge search --depth 3 --trials 200 --out found   # 200 trials more, by hand
  depthgauge search --depth 3 --timeout 600              # for ten minutes
  depthgauge search --depth 3 --enqueue learning_rate=0.01 batch_size=32
  depthgauge search --depth 3 --storage sqlite:///optuna.db --trials 20   # in several terminals
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from depthgauge.artifacts.recipes import FOLDER, recipe_folder, recipe_path, write_recipes
from depthgauge.axes.axis import Point
from depthgauge.errors import InputError
from depthgauge.interruption import importing
from depthgauge.settings.schema import SEARCHED, Settings

# More than any storage holds: a slip of the finger.
MOST_TRIALS = 10**6


@dataclass(frozen=True)
class ByHand:
    """What a person asks of a search that the pipeline does not.

    trials: how many more of each study. timeout: seconds after which none is begun. Without both,
    each study is brought to the trials of the settings. out: the folder below which to write
    RECIPE-POINT, None for nowhere. storage: a database URL or a journal file. enqueue: trials of
    one's own, NAME=VALUE of each.
    """

    trials: int | None
    timeout: float | None
    out: Path | None
    storage: str | None
    enqueue: Sequence[Sequence[str]] | None = None

    @property
    def is_pipeline(self) -> bool:
        """Whether nothing was asked, so that the pipeline's own files are written."""
        return self == ByHand(None, None, None, None)


def search(folder: Path, settings: Settings, name: str, point: Point, by_hand: ByHand) -> None:
    """Write the recipe `name` of a point: searched for, or that of params.yaml.

    Raises InputError for what a person asked and cannot have.
    """
    if name not in SEARCHED:
        if not by_hand.is_pipeline:
            raise InputError(
                f"--recipe {name}: is not searched for; leave --trials, --timeout, --enqueue, "
                "--out and --storage away"
            )
        write_recipes(folder / recipe_path(name, point), [settings.recipe_at(point)])
        return
    trials, timeout = by_hand.trials, by_hand.timeout
    if trials is not None and trials < 1:
        raise InputError(f"--trials {trials}: must be 1 or more")
    if trials is not None and trials > MOST_TRIALS:
        raise InputError(f"--trials {trials}: must be {MOST_TRIALS} or less")
    own = by_hand.enqueue or ()
    if trials is not None and trials < len(own):
        raise InputError(f"--trials {trials}: must be {len(own)} or more, as many as are enqueued")
    if timeout is not None and not 0 < timeout < math.inf:
        raise InputError(f"--timeout {timeout:g}: must be a number of seconds above 0")
    found, out = recipe_folder(name, point), None
    if by_hand.out is not None:
        _check_out(folder, by_hand.out)
        out = by_hand.out / found.name
    # Imported here: the recipe `fixed` needs neither Optuna nor torch.
    with importing():
        from depthgauge.search.run import Goal
        from depthgauge.search.tune import tune

    is_open = trials is None and timeout is None
    total = settings.search.trials if is_open and not own else None
    goal = Goal(total, trials, timeout, waiting=is_open and bool(own))
    out = folder / found if by_hand.is_pipeline else out
    tune(folder, settings, name, point, goal, by_hand.storage, out, own)


def _check_out(folder: Path, out: Path) -> None:
    """Raises InputError if a search by hand cannot, or must not, write there."""
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out}: is a file; name a folder")
    results = folder / FOLDER.parts[0]
    if out.resolve().is_relative_to(results.resolve()):
        raise InputError(
            f"--out {out}: lies in {results}, which belongs to the pipeline; name another folder"
        )
