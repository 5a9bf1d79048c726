"""The lecture's table, repeated: our losses on the page views beside the lecture's own.

    python tools/lecture_table.py > experiments/lecture.md

Reads results/points.csv of the experiments lecture-window, lecture-width and lecture-depth.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

EXPERIMENTS = Path(__file__).resolve().parent.parent / "experiments"

# Hung-yi Lee, "Introduction of Machine / Deep Learning" (2021): mean absolute error in thousands
# of views of a channel; train 2017-2020, unseen 2021. (experiment, point): (words, train, unseen).
LECTURE = {
    ("lecture-window", 1): ("linear, 1 day", 0.48, 0.58),
    ("lecture-window", 7): ("linear, 7 days", 0.38, 0.49),
    ("lecture-window", 28): ("linear, 28 days", 0.33, 0.46),
    ("lecture-window", 56): ("linear, 56 days", 0.32, 0.46),
    ("lecture-width", 10): ("1 layer, 10 ReLU", 0.32, 0.45),
    ("lecture-width", 100): ("1 layer, 100 ReLU", 0.28, 0.43),
    ("lecture-width", 1000): ("1 layer, 1000 ReLU", 0.27, 0.43),
    ("lecture-depth", 1): ("1 layer of 100 ReLU", 0.28, 0.43),
    ("lecture-depth", 2): ("2 layers of 100 ReLU", 0.18, 0.39),
    ("lecture-depth", 3): ("3 layers of 100 ReLU", 0.14, 0.38),
    ("lecture-depth", 4): ("4 layers of 100 ReLU", 0.10, 0.44),
}


def lecture_table(experiments: Path) -> str:
    """The table as Markdown, with the sentence of each experiment. Needs their results."""
    count = _replicates(experiments)
    lines = [
        "# The lecture's table, repeated",
        "",
        "Made by `python tools/lecture_table.py > experiments/lecture.md` from committed results.",
        "",
        "Left: Hung-yi Lee's own table, one training of each, mean absolute error in thousands of",
        "views of his channel. Right: the same networks on the views of one encyclopaedia page",
        f"(`data/raw/pageviews.csv`): means of {count} replicates after the last epoch, mean",
        "absolute error in standard deviations of the logarithm of views, with the 95 % interval",
        "of the unseen mean over replicates and test days. Two series, two units: what can be",
        "compared is how the numbers go: whether the unseen loss goes up or down from the row",
        "above in both, and what the test over replicates and days at once says for new days of",
        "the row against the best of its experiment.",
        "",
        "| | lecture: train | unseen | here: train | unseen | interval | same direction? "
        "| for new days |",
        "|---|---|---|---|---|---|---|---|",
    ]
    steps = []
    for step in _steps(experiments):
        row, words = step.row, step.words
        low, high = float(row["test_loss_crossed_low"]), float(row["test_loss_crossed_high"])
        lines.append(
            f"| {words} | {step.train:.2f} | {step.unseen:.2f} | {float(row['train_loss']):.3f} "
            f"| {step.here:.3f} | {low:.3f} to {high:.3f} "
            f"| {'' if step.same is None else 'yes' if step.same else 'no'} "
            f"| {row['for_new_data']} |"
        )
        steps += [] if step.same is None else [step]
    others = [step.words for step in steps if not step.same]
    lines += [
        "",
        f"Of the {len(steps)} steps in which the lecture's unseen loss changes it goes the same",
        f"way here in {len(steps) - len(others)}. Another way it goes from the row above to: "
        f"{'; '.join(others) or 'none'}.",
    ]
    for name in dict.fromkeys(name for name, _ in LECTURE):
        answer = (experiments / name / "results/answer.txt").read_text(encoding="utf-8")
        lines += ["", f"**{name}** {answer.partition(chr(10))[0]}"]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Step:
    """A row. same: whether the unseen loss goes from the row above the way it does in the lecture.

    None for the first of an experiment, and where the lecture's two digits do not change.
    """

    words: str
    train: float
    unseen: float
    row: dict[str, str]
    same: bool | None

    @property
    def here(self) -> float:
        """The unseen loss of ours."""
        return float(self.row["test_loss"])


def _steps(experiments: Path) -> Iterator[_Step]:
    above: tuple[str, float, float] | None = None
    for (name, point), (words, train, unseen) in LECTURE.items():
        row = _row(experiments / name, point)
        here, same = float(row["test_loss"]), None
        if above is not None and above[0] == name and unseen != above[1]:
            same = (unseen > above[1]) == (here > above[2])
        yield _Step(words, train, unseen, row, same)
        above = (name, unseen, here)


def _replicates(experiments: Path) -> str:
    """How many replicates each experiment has, each number once."""
    names = sorted({name for name, _ in LECTURE})
    texts = [(experiments / name / "params.yaml").read_text(encoding="utf-8") for name in names]
    counts = {YAML(typ="safe", pure=True).load(text)["replicates"] for text in texts}
    return " or ".join(map(str, sorted(counts)))


def _row(folder: Path, point: int) -> dict[str, str]:
    with (folder / "results/points.csv").open(encoding="utf-8", newline="") as stream:
        return next(
            row
            for row in csv.DictReader(stream)
            if (row["recipe"], row["stopping"], row["point"]) == ("fixed", "last", str(point))
        )


if __name__ == "__main__":
    sys.stdout.write(lecture_table(EXPERIMENTS))
