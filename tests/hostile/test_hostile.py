"""Any input ends in an experiment or in one line; `make hostile` tries many more of them."""

import random

import pytest

from tests.hostile import parquet_files, settings_files, tables
from tests.hostile.counts import SAMPLE, count, inputs
from tests.hostile.user import Outcome, User

KINDS = {
    "csv": tables.csv,
    "ts": tables.ts,
    "parquet": parquet_files.parquet,
    "settings": settings_files.params,
    "prepared": settings_files.raw,
}
# So many inputs share a folder, and a test: what failed is named by its seed.
AT_ONCE = 500


@pytest.mark.parametrize("part", range(-(-inputs() // AT_ONCE)))
@pytest.mark.parametrize("kind", KINDS)
def test_one_line_or_none(kind, part, tmp_path, capfd, recwarn):
    user = User(tmp_path, capfd)
    outcomes: list[Outcome] = []
    faults = []
    for seed in range(part * AT_ONCE, min((part + 1) * AT_ONCE, inputs())):
        outcome = KINDS[kind](user, random.Random(f"{kind} {seed}"))
        outcomes.append(outcome)
        faults += [f"{kind} {seed}: {fault}" for fault in outcome.faults]
        if recwarn.list:
            faults.append(f"{kind} {seed}: warns: {recwarn.pop().message}")
    count(
        kind,
        tried=len(outcomes),
        accepted=sum(outcome.code == 0 for outcome in outcomes),
        refused=sum(outcome.code == 2 for outcome in outcomes),
        tracebacks=sum(outcome.code is None for outcome in outcomes),
        faults=len(faults),
    )
    assert not faults, "\n".join(faults[:20])
    if len(outcomes) >= SAMPLE:
        assert {outcome.code for outcome in outcomes} == {0, 2}, "the inputs are not of all kinds"
