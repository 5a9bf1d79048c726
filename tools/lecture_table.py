"""The lecture's table, repeated on two series: our losses beside the lecture's own.

    python tools/lecture_table.py > experiments/lecture.md

Reads results/points.csv of the experiments lecture-* and weather-*, and their raw series.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from depthgauge.artifacts.raw import prepare_data
from depthgauge.settings.load import load_settings
from depthgauge.training.baselines import measure_baselines

EXPERIMENTS = Path(__file__).resolve().parent.parent / "experiments"

# Hung-yi Lee, "Introduction of Machine / Deep Learning" (2021): mean absolute error in thousands
# of views of a channel; train 2017-2020, unseen 2021. (what is swept, point): (words, train,
# unseen).
LECTURE = {
    ("window", 1): ("linear, 1 day", 0.48, 0.58),
    ("window", 7): ("linear, 7 days", 0.38, 0.49),
    ("window", 28): ("linear, 28 days", 0.33, 0.46),
    ("window", 56): ("linear, 56 days", 0.32, 0.46),
    ("width", 10): ("1 layer, 10 ReLU", 0.32, 0.45),
    ("width", 100): ("1 layer, 100 ReLU", 0.28, 0.43),
    ("width", 1000): ("1 layer, 1000 ReLU", 0.27, 0.43),
    ("depth", 1): ("1 layer of 100 ReLU", 0.28, 0.43),
    ("depth", 2): ("2 layers of 100 ReLU", 0.18, 0.39),
    ("depth", 3): ("3 layers of 100 ReLU", 0.14, 0.38),
    ("depth", 4): ("4 layers of 100 ReLU", 0.10, 0.44),
}
# The beginning of the names of a series' experiments, and what it is.
SERIES = {
    "lecture": ("page views", "the logarithm of the daily views of one encyclopaedia page"),
    "weather": ("temperature", "the highest temperature of each day in Seattle"),
}
Row = dict[str, str]


@dataclass(frozen=True)
class Step:
    """A row of the lecture's table, and ours.

    same: whether the unseen loss goes from the row above the way it does in the lecture; None for
    the first of what is swept, and where the lecture's two digits do not change.
    """

    swept: str
    point: int
    words: str
    train: float
    unseen: float
    row: Row
    same: bool | None

    @property
    def here(self) -> float:
        """The unseen loss of ours."""
        return float(self.row["test_loss"])


def lecture_table(experiments: Path) -> str:
    """The tables as Markdown, with the findings that come again. Needs the results."""
    lines = [
        "# The lecture's table, repeated",
        "",
        "Made by `python tools/lecture_table.py > experiments/lecture.md` from committed results.",
        "",
        "Left: Hung-yi Lee's own table, one training of each, mean absolute error in thousands of",
        "views of his channel. Right: the same networks on another series: means of the replicates",
        "after the last epoch, mean absolute error in standard deviations of the series, with the",
        "95 % interval of the unseen mean over replicates and test days. Series, units are others:",
        "what can be compared is how the numbers go: whether the unseen loss goes up or down from",
        "the row above in both, and what the test over replicates and days at once says for new",
        "days of the row against the best of its experiment.",
    ]
    for name, (title, what) in SERIES.items():
        steps = list(find_steps(experiments, name))
        lines += ["", f"## {title[0].upper()}{title[1:]}", "", f"Of {what}.", "", *_table(steps)]
        told = [step for step in steps if step.same is not None]
        others = [step.words for step in told if not step.same]
        lines += [
            "",
            f"Of the {len(told)} steps in which the lecture's unseen loss changes it goes the same",
            f"way here in {len(told) - len(others)}. Another way it goes from the row above to: "
            f"{'; '.join(others) or 'none'}.",
            "",
            *(f"- {finding}" for finding in findings(steps)),
            *_easier(experiments / f"{name}-window", steps),
        ]
        for swept in dict.fromkeys(step.swept for step in steps):
            folder = experiments / f"{name}-{swept}"
            answer = (folder / "results/answer.txt").read_text(encoding="utf-8")
            lines += ["", f"**{folder.name}** {answer.partition(chr(10))[0]}"]
    return "\n".join(lines) + "\n"


def _table(steps: Sequence[Step]) -> Iterator[str]:
    yield (
        "| | lecture: train | unseen | here: train | unseen | interval | same direction? "
        "| for new days |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for step in steps:
        row = step.row
        low, high = float(row["test_loss_crossed_low"]), float(row["test_loss_crossed_high"])
        yield (
            f"| {step.words} | {step.train:.2f} | {step.unseen:.2f} "
            f"| {float(row['train_loss']):.3f} | {step.here:.3f} | {low:.3f} to {high:.3f} "
            f"| {'' if step.same is None else 'yes' if step.same else 'no'} "
            f"| {row['for_new_data']} |"
        )


def findings(steps: Sequence[Step]) -> Iterator[str]:
    """What the lecture finds, and whether it comes again, a sentence each."""
    at = {(step.swept, step.point): step for step in steps}
    of = {swept: [step for step in steps if step.swept == swept] for swept, _ in LECTURE}
    best = {swept: min(own, key=lambda step: step.here) for swept, own in of.items()}
    one, most = of["window"][0], best["window"]
    low = one.row["test_difference_crossed_low"]
    sure = "told apart" if low and float(low) > 0 else "not told apart"
    yield (
        f"*More days help a linear model* (0.58 to 0.46): {_found(most is not one)}, "
        f"{one.here:.3f} with one day and {most.here:.3f} with {most.point}"
        + (f", {sure} for new days." if most is not one else ".")
    )
    layer = best["width"]
    beats = _found(layer.here < most.here)
    yield (
        f"*A layer of ReLU beats the linear model* (0.46 to 0.43): {beats}, "
        f"{most.here:.3f} for the best linear model and {layer.here:.3f} for the best layer, of "
        f"{layer.point} units; the two experiments are not compared pair by pair."
    )
    deep = best["depth"]
    yield (
        f"*More layers help, up to three* (0.43 to 0.38): {_found(deep.point == 3)}, "
        f"{at['depth', 1].here:.3f} with one and {at['depth', 3].here:.3f} with three; the least "
        f"is with {deep.point}."
    )
    last = at["depth", 4].row
    overfits = {"overfits", "partly overfits"}
    yield (
        f"*A fourth layer overfits* (0.38 to 0.44): {_found(last['on_this_data'] in overfits)} on "
        f'this data, where the verdict on four layers is "{last["on_this_data"]}"; for new days '
        f'it is "{last["for_new_data"]}".'
    )


def _found(comes_again: bool) -> str:
    return "found again" if comes_again else "not found"


def _easier(folder: Path, steps: Sequence[Step]) -> list[str]:
    """Why an unseen loss lies below the train loss, where it does."""
    below = [step.words for step in steps if step.here < float(step.row["train_loss"])]
    if not below:
        return []
    settings = load_settings(folder)
    result = prepare_data(folder, settings)
    guesses = result.encoder.guesses(result.dataset)
    naive = measure_baselines(result.dataset, settings.recipe.loss, guesses, {})
    told = [
        f"{name.replace('_', ' ')} {of['loss']['train'].mean():.3f} and "
        f"{of['loss']['test'].mean():.3f}"
        for name, of in naive.items()
    ]
    return [
        "",
        f"The unseen loss lies below the train loss for {'; '.join(below)}: a model that has",
        "little to overfit with loses on unseen days as much as those are hard to predict, and the",
        "days of the splits are not equally hard. Predictors that learn next to nothing have, on",
        f"training and on unseen days: {'; '.join(told)}.",
    ]


def find_steps(experiments: Path, series: str) -> Iterator[Step]:
    """The rows of one series, in the lecture's order."""
    above: Step | None = None
    for (swept, point), (words, train, unseen) in LECTURE.items():
        row = _row(experiments / f"{series}-{swept}", point)
        same = None
        if above is not None and above.swept == swept and unseen != above.unseen:
            same = (unseen > above.unseen) == (float(row["test_loss"]) > above.here)
        above = Step(swept, point, words, train, unseen, row, same)
        yield above


def _row(folder: Path, point: int) -> Row:
    with (folder / "results/points.csv").open(encoding="utf-8", newline="") as stream:
        return next(
            row
            for row in csv.DictReader(stream)
            if (row["recipe"], row["stopping"], row["point"]) == ("fixed", "last", str(point))
        )


if __name__ == "__main__":
    sys.stdout.write(lecture_table(EXPERIMENTS))
