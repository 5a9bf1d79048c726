"""Splits, epochs and replicates that answer in minutes on a small machine."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

# Rows of a large table that train, and that validate or test.
_MOST_TRAINING, _MOST_MEASURED = 4000, 2000


@dataclass(frozen=True)
class Sizes:
    """What a table of some rows is trained with."""

    train: int
    validation: int
    test: int
    epochs: int
    replicates: int
    batch_size: int

    @property
    def split(self) -> dict[str, int]:
        """Rows of each split."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


def choose_sizes(rows: int) -> Sizes:
    """Half of the rows train, a quarter validates, a quarter tests; of a large table fewer."""
    validation = min(rows // 4, _MOST_MEASURED)
    train = min(rows - 2 * (rows // 4), _MOST_TRAINING)
    # 560 trainings of 400 rows for 60 epochs take about a minute on two cores.
    epochs = 100 if train <= 500 else 60 if train <= 2000 else 40
    replicates = 40 if train <= 500 else 20
    batch_size = 16 if train <= 100 else 32 if train <= 300 else 64
    return Sizes(train, validation, validation, epochs, replicates, batch_size)


def split_between_times(order: npt.NDArray[np.generic], wanted: Sizes) -> Sizes:
    """Splits near the wanted ones that part no rows of the same time. order: (N,) times."""
    newest_first = np.sort(order)[::-1]
    # Where a new time begins, counted from the newest row.
    cuts = np.flatnonzero(newest_first[1:] != newest_first[:-1]) + 1
    if cuts.size < 2:
        return wanted
    test = int(cuts[:-1][np.abs(cuts[:-1] - wanted.test).argmin()])
    later = cuts[cuts > test]
    validation = int(later[np.abs(later - test - wanted.validation).argmin()]) - test
    train = min(wanted.train, len(order) - test - validation)
    return replace(wanted, train=train, validation=validation, test=test)
