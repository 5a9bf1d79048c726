"""Which runs ended as they should, by the column of a tracker that says so.

The last value of a run that crashed is that of a training cut short, not what its settings are
good for.
"""

from dataclasses import replace

import numpy as np

from depthgauge.comparison.names import Role, words
from depthgauge.comparison.runs import Asked, RunTable
from depthgauge.report.prose.numbers import counted, join_words

_STATES = {"state", "status"}
# Of W&B, Neptune, ClearML, Comet, MLflow and Slurm.
_CUT_SHORT = {
    *("crashed", "failed", "killed", "aborted", "cancelled", "canceled", "preempted", "error"),
    *("stopped", "timeout", "running", "active", "pending", "queued", "scheduled"),
}


def that_ended(table: RunTable, asked: Asked) -> RunTable:
    """The runs but those that a column of states says crashed, were stopped, or run yet.

    A column that is named, with --ignore too, is not looked at; nor is one that would leave none.
    """
    kept = np.ones(len(table.settings), np.bool_)
    notes = []
    for name in table.of(Role.ABOUT):
        last = words(name)[-1:]
        if name in asked.named or name not in table.settings or not last:
            continue
        said = table.settings[name].str.lower()
        wrong = _CUT_SHORT if last[0] in _STATES else {"true"} if last[0] == "failed" else set()
        cut = said.isin(wrong).to_numpy(bool) & kept
        if not cut.any() or not (kept & ~cut).any():
            continue
        kept &= ~cut
        states = join_words(sorted(set(table.settings[name][cut])))
        counts = f"--ignore {name} counts {'it' if cut.sum() == 1 else 'them'}"
        notes.append(f"{counted(int(cut.sum()), 'run')} with {name} {states}: left out; {counts}")
    if not notes:
        return table
    settings, metrics, absent = (
        frame[kept].reset_index(drop=True)
        for frame in (table.settings, table.metrics, table.absent)
    )
    return replace(
        table, settings=settings, metrics=metrics, absent=absent, notes=(*table.notes, *notes)
    )
