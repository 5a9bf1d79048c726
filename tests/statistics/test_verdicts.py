"""The network to use is the one of least mean validation loss, whatever its test loss."""

from dataclasses import replace

import pytest

from depthgauge.statistics.verdicts import (
    Answer,
    Estimate,
    Outcome,
    PointVerdict,
    Verdict,
    ViewVerdict,
    recommend,
)


def view(*validation, chosen=0):
    points = tuple(
        PointVerdict(
            point=place,
            on_this_data=Verdict.CANNOT_TELL,
            for_new_data=Verdict.CANNOT_TELL,
            finite_replicates=1,
            estimates={
                "train_loss": Estimate(None, None),
                "validation_loss": Estimate(value, None),
                "test_loss": Estimate(10.0 - place, None),
            },
            train_mean=None,
            still_falling=None,
            comparison=None,
        )
        for place, value in enumerate(validation)
    )
    nothing = Answer(Outcome.CANNOT_TELL, None, None)
    return ViewVerdict(points, None, chosen, None, nothing, nothing, None, 1, {})


@pytest.mark.parametrize(
    ("views", "expected"),
    [
        ({("fixed", "last"): view(2.0, 1.0, chosen=1)}, (("fixed", "last"), 1)),
        (
            {("fixed", "last"): view(2.0, 1.0, chosen=1), ("tuned", "last"): view(0.5)},
            (("tuned", "last"), 0),
        ),
        ({("fixed", "last"): view(1.0), ("tuned", "last"): view(1.0)}, (("fixed", "last"), 0)),
    ],
)
def test_least_validation_loss_of_all_views(views, expected):
    found, point = recommend(views)
    assert (found, point.point) == expected


def test_none_where_everything_diverged():
    assert recommend({("fixed", "last"): replace(view(None), recommended=None)}) is None
