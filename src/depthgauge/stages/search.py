"""search: write the recipe of one point: that of params.yaml, or searched for.

The recipes `fixed` and `grouped` are that of params.yaml, with the point's own value. For `tuned`
Optuna searches learning rate, batch size and width on train and validation data alone. A study goes
on where it stopped. With --trials, --out or --storage it is run by hand and no output of the
pipeline is touched.

examples:
  depthgauge search --depth 3
  depthgauge search --depth 3 --recipe fixed
  depthgauge search --depth 3 --trials 200 --out found   # a longer search, by hand
"""

from dataclasses import dataclass
from pathlib import Path

from depthgauge.artifacts.recipes import FOLDER, recipe_folder, recipe_path, write_recipes
from depthgauge.axes.axis import Point
from depthgauge.errors import InputError
from depthgauge.settings.schema import SEARCHED, Settings

# More than any storage holds: a slip of the finger.
MOST_TRIALS = 10**6


@dataclass(frozen=True)
class ByHand:
    """What a person asks of a search that the pipeline does not.

    trials: how many in all, None for the settings'. out: the folder below which to write
    RECIPE-POINT, None for nowhere. storage: a database URL or a journal file.
    """

    trials: int | None
    out: Path | None
    storage: str | None

    @property
    def is_pipeline(self) -> bool:
        """Whether nothing was asked, so that the pipeline's own files are written."""
        return self.trials is None and self.out is None and self.storage is None


def search(folder: Path, settings: Settings, name: str, point: Point, by_hand: ByHand) -> None:
    """Write the recipe `name` of a point: searched for, or that of params.yaml.

    Raises InputError for what a person asked and cannot have.
    """
    if name not in SEARCHED:
        if not by_hand.is_pipeline:
            raise InputError(
                f"--recipe {name}: is not searched for; leave --trials, --out and --storage away"
            )
        write_recipes(folder / recipe_path(name, point), [settings.recipe_at(point)])
        return
    trials = settings.search.trials if by_hand.trials is None else by_hand.trials
    if trials < 1:
        raise InputError(f"--trials {trials}: must be 1 or more")
    if trials > MOST_TRIALS:
        raise InputError(f"--trials {trials}: must be {MOST_TRIALS} or less")
    found, out = recipe_folder(name, point), None
    if by_hand.out is not None:
        _check_out(folder, by_hand.out)
        out = by_hand.out / found.name
    # Imported here: the recipe `fixed` needs neither Optuna nor torch.
    from depthgauge.search.tune import tune

    out = folder / found if by_hand.is_pipeline else out
    tune(folder, settings, name, point, trials, by_hand.storage, out)


def _check_out(folder: Path, out: Path) -> None:
    """Raises InputError if a search by hand cannot, or must not, write there."""
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out}: is a file; name a folder")
    results = folder / FOLDER.parts[0]
    if out.resolve().is_relative_to(results.resolve()):
        raise InputError(
            f"--out {out}: lies in {results}, which belongs to the pipeline; name another folder"
        )
