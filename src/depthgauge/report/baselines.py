"""What any model must beat, beside the network that is to be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.report.facts import Facts, Judged
from depthgauge.report.style import view_title
from depthgauge.statistics.paired import rise_p

# The baseline that is no rival: the known truth of simulated data.
REFERENCE = "reference"


@dataclass(frozen=True)
class Baseline:
    """A row of the table. measured: "loss", "error" or a metric's words.

    values: by split, None where unknown. beaten: on test data by the network to use; None where
    that is not told apart, or cannot be asked.
    """

    name: str
    measured: str
    values: Mapping[str, float | None]
    beaten: bool | None = None
    network: bool = False


def baselines(facts: Facts) -> list[Baseline]:
    """The baselines of the data and the network to use, in the loss and in every metric."""
    choice = facts.choice
    means, name = {}, ""
    if choice is not None:
        means = facts.verdicts[choice.view].at(choice.point).means
        name = f"{facts.of.point_name(choice.point)}, {view_title(*choice.view)}"
    found: list[Baseline] = []
    # The error rate is the accuracy once more.
    for quantity in ("loss", *([] if "accuracy" in facts.metrics else ["error"])):
        own = means.get(f"test_{quantity}")
        for known, values in facts.meta["baselines"].items():
            if known.endswith("error") == (quantity == "error"):
                by_split = {split: values.get(split) for split in SPLIT_NAMES}
                rival = by_split["test"]
                lost = None if own is None or rival is None else own < rival
                found.append(Baseline(known.replace("_", " "), quantity, by_split, lost))
        found += _network(name, quantity, quantity, means)
    for quantity, judged in facts.metrics.items():
        words = judged.metric.words
        for known, arrays in judged.baselines.items():
            by_split = {split: float(arrays[split].mean()) for split in SPLIT_NAMES}
            lost = _beaten(facts, judged, arrays["test"])
            found.append(Baseline(known.replace("_", " "), words, by_split, lost))
        found += _network(name, words, quantity, means)
    return found


def _network(
    name: str, words: str, quantity: str, means: Mapping[str, float | None]
) -> list[Baseline]:
    """The row of the network to use, where there is one."""
    if f"test_{quantity}" not in means:
        return []
    values = {split: means.get(f"{split}_{quantity}") for split in SPLIT_NAMES}
    return [Baseline(name, words, values, network=True)]


def _beaten(facts: Facts, judged: Judged, rival: np.ndarray) -> bool | None:
    """Whether the network's test metric is told apart from a baseline's (S,), over replicates."""
    if facts.choice is None:
        return None
    place = list(facts.points).index(facts.choice.point)
    own = judged.metric.costs(judged.values[facts.choice.view]["test"][:, place])
    both = np.stack([own, np.broadcast_to(judged.metric.costs(rival), own.shape)], 1)
    both[~np.isfinite(both).all(axis=1)] = np.nan
    units = facts.units(facts.choice.recipe, both)
    ours, theirs = units[np.isfinite(units).all(axis=1)].T
    for worse, better, beaten in ((theirs, ours, True), (ours, theirs, False)):
        p = rise_p(worse, better, 0.0)
        if p is not None and p <= facts.settings.threshold.alpha:
            return beaten
    return None


def beaten(found: list[Baseline]) -> str:
    """Whether the network beats every baseline on test data, in sentences."""
    said = []
    truth = next((b.values["test"] for b in found if b.name == REFERENCE), None)
    if truth is not None:
        said.append(f"The truth itself, which no model can beat, has a test loss of {truth:.3g}.")
        found = [b for b in found if b.name != REFERENCE]
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


def join_words(words: Sequence[str]) -> str:
    """Several words as in a sentence: "loss, error and accuracy"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
