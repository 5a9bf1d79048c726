"""What any model must beat, beside the network that is to be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.report.facts import Facts
from depthgauge.report.prose.numbers import baseline_name, digits, join_words, minus
from depthgauge.report.style import view_title
from depthgauge.statistics.baselines import Baseline
from depthgauge.statistics.estimates import Estimate, Interval
from depthgauge.training.baselines import REFERENCE
from depthgauge.training.metrics.metric import find_metrics

BEATEN = {True: "yes", False: "no", None: "not told apart"}


@dataclass(frozen=True)
class Row:
    """A row of the table. measured: "loss" or a metric's words.

    estimates: by split. difference: of the network to use less the baseline, in words with its
    interval. beaten: by the network to use; None where that is not told apart, or cannot be asked.
    truth: whether it is the known truth, which no model can beat.
    """

    name: str
    measured: str
    estimates: Mapping[str, Estimate]
    difference: str = ""
    beaten: bool | None = None
    network: bool = False
    truth: bool = False

    @property
    def around(self) -> str:
        """The interval of the mean on test data."""
        return _ends(self.estimates["test"].interval)

    @property
    def told(self) -> str:
        """Whether the network beats it, where that was asked and can be."""
        return BEATEN[self.beaten] if self.difference and not self.truth else ""


def baseline_rows(facts: Facts) -> list[Row]:
    """The baselines of the data and the network to use, in the loss and in every metric."""
    quantities = dict.fromkeys(each.quantity for each in facts.baselines)
    found: list[Row] = []
    for quantity in quantities:
        words = quantity if quantity == "loss" else find_metrics([quantity])[quantity].words
        own = [each for each in facts.baselines if each.quantity == quantity]
        found += [
            Row(
                baseline_name(each.name).removeprefix("the "),
                words,
                each.estimates,
                _difference(each),
                each.beaten,
                truth=each.name == REFERENCE,
            )
            for each in own
        ]
        found += _network(facts, quantity, words)
    return found


def _network(facts: Facts, quantity: str, words: str) -> list[Row]:
    """The row of the network to use, where there is one."""
    choice = facts.choice
    if choice is None:
        return []
    known = facts.verdicts[choice.view].at(choice.point).estimates
    name = f"{facts.of.point_name(choice.point)}, {view_title(*choice.view)}"
    nothing = Estimate(None, None)
    estimates = {split: known.get(f"{split}_{quantity}", nothing) for split in SPLIT_NAMES}
    return [Row(name, words, estimates, network=True)]


def _difference(baseline: Baseline) -> str:
    mean, ends = baseline.difference.mean, _ends(baseline.difference.interval)
    if mean is None:
        return ""
    return f"{minus(digits(mean))} ({ends})" if ends else minus(digits(mean))


def _ends(around: Interval | None) -> str:
    return f"{minus(digits(around.low))} to {minus(digits(around.high))}" if around else ""


def beaten(found: Sequence[Row]) -> str:
    """Whether the network beats every baseline on test data, in sentences."""
    said = []
    for row in found:
        if row.truth and row.measured == "loss":
            least = digits(row.estimates["test"].mean)
            said.append(f"The truth itself, which no model can beat, has a test loss of {least}.")
    found = [row for row in found if not row.truth]
    won = []
    for quantity in dict.fromkeys(b.measured for b in found):
        rows = [b for b in found if b.measured == quantity]
        rivals = [b for b in rows if not b.network]
        if not rivals or len(rivals) == len(rows):
            continue
        ahead = [b.name for b in rivals if b.beaten is False]
        unsure = [b.name for b in rivals if b.beaten is None]
        if ahead:
            said.append(f"Not beaten on test {quantity}: {', '.join(ahead)}.")
        if unsure:
            said.append(f"Not told apart from it on test {quantity}: {', '.join(unsure)}.")
        if not ahead and not unsure:
            won.append(quantity)
    if won:
        said.insert(0, f"On test {join_words(won)} the network to use beats all of them.")
    return " ".join(said)
