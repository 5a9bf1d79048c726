"""The network to use is the one of least mean validation loss, whatever its test loss."""

from dataclasses import replace

import pytest

from depthgauge.statistics.recommend import recommended
from depthgauge.statistics.verdicts import Answer, PointVerdict, ViewVerdict
from depthgauge.statistics.words import Outcome, Verdict


def view(*validation, chosen=0):
    points = tuple(
        PointVerdict(
            point=place,
            on_this_data=Verdict.CANNOT_TELL,
            for_new_data=Verdict.CANNOT_TELL,
            finite_replicates=1,
            test_mean=10.0 - place,
            test_interval=None,
            validation_mean=value,
            train_mean=None,
            still_falling=None,
            comparison=None,
        )
        for place, value in enumerate(validation)
    )
    nothing = Answer(Outcome.CANNOT_TELL, None, None)
    return ViewVerdict(points, None, chosen, None, nothing, nothing, None, 1)


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
    found, point = recommended(views)
    assert (found, point.point) == expected


def test_none_where_everything_diverged():
    assert recommended({("fixed", "last"): replace(view(None), recommended=None)}) is None
