"""Published findings, and what this program finds of them.

    python tools/published_table.py > experiments/published.md

Reads the committed results of the bundled experiments.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, str]


@dataclass(frozen=True)
class Finding:
    """What a paper says, the experiment that asks it again, and how its results are told."""

    source: str
    claim: str
    figure: str
    experiment: str
    tell: "Tell"


@dataclass(frozen=True)
class Results:
    """The fixed recipe of an experiment after the last epoch: rows by point, and its answers."""

    rows: dict[str, Row]
    threshold: dict[str, Any]
    answer: str

    def error(self, point: str) -> float:
        """The mean test error at a point, in percent."""
        return 100 * float(self.rows[point]["test_error"])

    def interval(self, point: str) -> tuple[int, int]:
        """The 95 % interval of the mean test accuracy, in whole percents, as it is told."""
        row = self.metric[point]
        low, high = (1 - float(row[f"test_cost_crossed_{end}"]) for end in ("high", "low"))
        return round(100 * low), round(100 * high)

    def accuracy(self, point: str) -> str:
        """The mean test accuracy with its interval, in percent."""
        low, high = self.interval(point)
        mean = 1 - float(self.metric[point]["test_cost"])
        return f"{100 * mean:.0f} % ({low} to {high} %)"

    metric: dict[str, Row]


Tell = Callable[[Results], tuple[str, str]]


def read_results(folder: Path) -> Results:
    """Of the experiment in a folder."""

    def rows(name: str, **wanted: str) -> dict[str, Row]:
        with (folder / "results" / name).open(encoding="utf-8", newline="") as stream:
            wanted |= {"recipe": "fixed", "stopping": "last"}
            found = [r for r in csv.DictReader(stream) if wanted.items() <= r.items()]
        return {row["point"]: row for row in found}

    threshold = json.loads((folder / "results/threshold.json").read_text(encoding="utf-8"))
    answer = (folder / "results/answer.txt").read_text(encoding="utf-8")
    return Results(
        rows("points.csv"),
        threshold["fixed"]["last"],
        answer.partition("\n")[0],
        rows("metric-points.csv", metric="accuracy"),
    )


def _descent(results: Results) -> tuple[str, str]:
    """The test error, point by point, and whether it falls again beyond its peak."""
    errors = ", ".join(f"{results.error(p):.1f} % at {p}" for p in results.rows)
    found = results.threshold["second_descent"].get("error_rate")
    if found is None:
        return f"test error {errors}", "not found: beyond its least the error has no peak"
    if not found["resolved"]:
        return f"test error {errors}", f"not resolved: a fall beyond {found['peak']}"
    fall = 100 * found["fall"]
    low, high = (100 * found["interval"][end] for end in ("low", "high"))
    return (
        f"test error {errors}",
        f"found again: from its peak at {found['peak']} to {found['after']} the error falls by "
        f"{fall:.1f} points ({low:.1f} to {high:.1f})",
    )


def _u_shape(results: Results) -> tuple[str, str]:
    losses = ", ".join(f"{float(row['test_loss']):.3f} at {p}" for p, row in results.rows.items())
    best, threshold = results.threshold["best"], results.threshold["overfitting_threshold"]
    first = next(iter(results.rows.values()))
    low = first["test_difference_crossed_low"]
    falls = f"falls to {best}" + (
        ", told apart for new data" if low and float(low) > 0 else ", not told apart for new data"
    )
    rises = "no rise resolved" if threshold is None else f"rises from {threshold} on"
    new = results.threshold["for_new_data"]["threshold"]
    both = str(best) != next(iter(results.rows)) and threshold is not None
    return (
        f"test loss {losses}",
        f"{'found again' if both else 'not found'}: {falls}; {rises}"
        + (f" (for new data from {new} on)" if new is not None else " (not resolved for new data)"),
    )


def _u_shape_of_errors(results: Results) -> tuple[str, str]:
    """The test error, which of its depths have learnt everything by heart, and its U."""
    found = results.threshold["by_metric"]["accuracy"]
    errors = ", ".join(f"{results.error(p):.1f} % at {p}" for p in results.rows)
    heart = [p for p, row in results.rows.items() if float(row["train_error"]) <= MEMORISED]
    best, threshold = str(found["best"]), found["overfitting_threshold"]
    first = results.metric[next(iter(results.metric))]
    falls = best != next(iter(results.rows)) and float(first["test_difference_low"]) > 0
    said = f"falls to {best}" if falls else f"is least at {best}, not told apart from the first"
    rise = found["rise"]
    risen = (
        f"rises from {threshold} on, by overfitting"
        if threshold is not None
        else (f"the rise at {rise['point']}: {rise['verdict']}" if rise else "no rise resolved")
    )
    verdict = "not found" if not falls else "found again" if rise else "in part"
    return (
        f"test error {errors}; train error at most {MEMORISED:.0%} at {', '.join(heart)}",
        f"{verdict}: {said}; {risen}",
    )


# The train error up to which a training set counts as learnt by heart, as in the experiments.
MEMORISED = 0.01


def _accuracies(paper: Mapping[str, int], words: Mapping[str, str]) -> Tell:
    """Those of the paper's networks, by depth, and whether each lies in our interval."""

    def tell(results: Results) -> tuple[str, str]:
        found = {point: results.accuracy(point) for point in results.metric}
        apart = [
            f"{theirs} % at depth {point}"
            for point, theirs in paper.items()
            if theirs < results.interval(point)[0] or theirs > results.interval(point)[1]
        ]
        best = min(results.metric, key=lambda p: float(results.metric[p]["test_cost"]))
        return (
            "; ".join(f"{named} {found[point]}" for point, named in words.items()),
            (
                "not found: outside the interval is " + " and ".join(apart)
                if apart
                else "found again"
            )
            + f"; most accurate at depth {best}, {found[best]}",
        )

    return tell


FINDINGS = (
    Finding(
        "Nakkiran et al. 2019, arXiv:1912.02292",
        "Epoch-wise double descent: with wrong labels test error falls, rises and falls again as "
        "training goes on (ResNet18, CIFAR-10, 20 % label noise)",
        "a second descent beyond a peak",
        "experiments/noisy-digits-epochs",
        _descent,
    ),
    Finding(
        "Belkin et al. 2019, arXiv:1812.11118; Nakkiran et al. 2019",
        "Model-wise double descent: beyond the width at which all is learnt by heart test error "
        "falls again",
        "a second descent beyond a peak",
        "experiments/noisy-digits-width",
        _descent,
    ),
    Finding(
        "Nichani, Radhakrishnan and Uhler 2020, arXiv:2010.09610",
        "Test risk over depth is U-shaped (convolutional networks and ResNets; here fully "
        "connected ones)",
        "it falls, then rises",
        ".",
        _u_shape,
    ),
    Finding(
        "Nichani, Radhakrishnan and Uhler 2020, arXiv:2010.09610",
        "Of convolutional networks that have learnt their training set by heart the test error "
        "over depth is U-shaped (CIFAR-10 and ImageNet; here 500 signals of MNIST-1D)",
        "it falls, then rises",
        "experiments/cnn-depth",
        _u_shape_of_errors,
    ),
    Finding(
        "Greydanus and Kobak 2020, arXiv:2011.14439",
        "MNIST-1D: accuracy of a linear model and of an MLP with two hidden layers of 100",
        "32 % and 68 %",
        "experiments/mnist1d",
        _accuracies({"0": 32, "2": 68}, {"0": "linear", "2": "2 hidden layers"}),
    ),
    Finding(
        "Greydanus and Kobak 2020, arXiv:2011.14439",
        "MNIST-1D: accuracy of a convolutional network of three layers (theirs with strides and 25 "
        "channels, here 16 and none)",
        "94 %",
        "experiments/mnist1d-cnn",
        _accuracies({"3": 94}, {"3": "3 layers"}),
    ),
)


def published_table(root: Path) -> str:
    """The page as Markdown. Needs the results of the experiments it names."""
    return "\n".join(_lines(root)) + "\n"


def _lines(root: Path) -> Iterator[str]:
    yield "# Published findings, asked again"
    yield ""
    yield "Made by `python tools/published_table.py > experiments/published.md` from committed"
    yield "results: the fixed recipe after the last epoch, other data and smaller networks than the"
    yield "papers'. What is not found here is not refuted: it is not to be had at this size."
    yield ""
    yield "| source | finding | the paper's | here | verdict |"
    yield "|---|---|---|---|---|"
    for finding in FINDINGS:
        results = read_results(root / finding.experiment)
        here, verdict = finding.tell(results)
        name = "digits" if finding.experiment == "." else Path(finding.experiment).name
        yield (
            f"| {finding.source} | {finding.claim} | {finding.figure} | `{name}`: {here} "
            f"| {verdict} |"
        )


if __name__ == "__main__":
    sys.stdout.write(published_table(ROOT))
