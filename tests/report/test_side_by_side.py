"""The table of views says what their verdicts say."""

from dataclasses import replace

import pytest

from depthgauge.report.side_by_side import told_view
from depthgauge.statistics.verdicts import Answer, Outcome


@pytest.fixture
def verdict(facts):
    return next(iter(facts["images"].verdicts.values()))


def test_every_outcome_has_words(facts, verdict):
    of = facts["images"].of
    for outcome in Outcome:
        threshold = facts["images"].points[-1] if outcome is Outcome.THRESHOLD_FOUND else None
        answer = Answer(outcome, threshold, None)
        told = told_view(replace(verdict, on_this_data=answer, for_new_groups=None), of)
        assert told.here
        assert told.groups is None
        assert bool(told.rise) == (
            threshold is not None and verdict.points[-1].comparison is not None
        )


def test_what_may_begin_sooner_begins_at_the_latest(facts, verdict):
    of = facts["images"].of
    found = Answer(Outcome.THRESHOLD_FOUND, 2, None)
    open_yet = replace(found, not_excluded=(1,))
    assert told_view(replace(verdict, on_this_data=found), of).here == "depth 2"
    assert told_view(replace(verdict, on_this_data=open_yet), of).here == "depth 2 at the latest"
