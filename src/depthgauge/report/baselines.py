"""What any model must beat, beside the network that is to be used."""

from dataclasses import dataclass

from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.report.facts import Facts
from depthgauge.report.style import view_title

# The baseline that is no rival: the known truth of simulated data.
REFERENCE = "reference"


@dataclass(frozen=True)
class Baseline:
    """A row of the table. measured: "loss" or "error". values: by split, None where unknown."""

    name: str
    measured: str
    values: dict[str, float | None]
    network: bool = False


def baselines(facts: Facts) -> list[Baseline]:
    """The baselines of the data, then the network to use, for loss and for error."""
    found = [
        Baseline(
            name.replace("_", " "),
            "error" if name.endswith("error") else "loss",
            {split: values.get(split) for split in SPLIT_NAMES},
        )
        for name, values in facts.meta["baselines"].items()
    ]
    return [*found, *_networks(facts)]


def _networks(facts: Facts) -> list[Baseline]:
    choice = facts.choice
    if choice is None:
        return []
    means = facts.verdicts[choice.view].at(choice.point).means
    name = f"{facts.of.point_name(choice.point)}, {view_title(*choice.view)}"
    return [
        Baseline(name, quantity, {s: means[f"{s}_{quantity}"] for s in SPLIT_NAMES}, network=True)
        for quantity in ("loss", "error")
        if f"test_{quantity}" in means
    ]


def beaten(found: list[Baseline]) -> str:
    """Whether the network beats every baseline on test data, in a sentence."""
    said = []
    truth = next((b.values["test"] for b in found if b.name == REFERENCE), None)
    if truth is not None:
        said.append(f"The truth itself, which no model can beat, has a test loss of {truth:.3g}.")
        found = [b for b in found if b.name != REFERENCE]
    for quantity in ("loss", "error"):
        tested = {b.name: b.values["test"] for b in found if b.measured == quantity}
        network = next((b.name for b in found if b.measured == quantity and b.network), "")
        own = tested.pop(network, None)
        rivals = {name: value for name, value in tested.items() if value is not None}
        if own is None or not rivals:
            continue
        ahead = [name for name, value in rivals.items() if value <= own]
        said.append(
            f"Not beaten on test {quantity}: {', '.join(ahead)}."
            if ahead
            else f"On test {quantity} the network to use beats all of them."
        )
    return " ".join(said)
