"""A baseline, and how the network to use stands to it."""

from collections.abc import Mapping

from pydantic.dataclasses import dataclass

from depthgauge.statistics.estimates import CONFIG, Estimate, Interval


@dataclass(frozen=True, config=CONFIG)
class Baseline:
    """A baseline in one quantity, and the network to use against it on test data.

    quantity: "loss" or a metric by its name. splits: how many it was measured on. estimates: of
    train, validation and test, over these splits; one has no interval. difference: of the network
    less the baseline, over the `pairs` replicates, or searches, that have both. level: the
    baseline's mean over the same. beaten: whether that interval lies on the better side of 0; None
    where it holds 0 or is not known, or where there is no network to use.
    """

    name: str
    quantity: str
    splits: int
    estimates: Mapping[str, Estimate]
    pairs: int
    difference: Estimate
    level: float | None
    beaten: bool | None

    @property
    def test(self) -> float | None:
        """The mean on test data."""
        return self.estimates["test"].mean

    @property
    def relative(self) -> float | None:
        """The difference as a share of the baseline's level; None where that is undefined."""
        mean = self.difference.mean
        return None if mean is None or not self.level else mean / self.level

    @property
    def relative_interval(self) -> Interval | None:
        """Its interval as such a share."""
        around = self.difference.interval
        if around is None or not self.level:
            return None
        low, high = sorted(end / self.level for end in (around.low, around.high))
        return Interval(low, high)
