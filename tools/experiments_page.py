"""What each bundled experiment asks and what it found, with its figure.

    python tools/experiments_page.py > experiments/README.md

Reads the first comment of each params.yaml and the committed results.
"""

import json
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from depthgauge.axes.axis import find_axis

EXPERIMENTS = Path(__file__).resolve().parent.parent / "experiments"


def experiments_page(experiments: Path) -> str:
    """The page as Markdown. Needs the results of every experiment in the folder."""
    lines = [
        "# The bundled experiments",
        "",
        "Made by `python tools/experiments_page.py > experiments/README.md` from the committed",
        "settings and results. Each is a params.yaml over the pipeline of the root; run one with",
        "`make repro EXPERIMENT=experiments/NAME`. The lecture's table is in",
        "[lecture.md](lecture.md), what is found again of published figures in",
        "[published.md](published.md), how far the digits' threshold moves with the network in",
        "[families.md](families.md).",
    ]
    for params in sorted(experiments.glob("*/params.yaml")):
        text = params.read_text(encoding="utf-8")
        settings = YAML(typ="safe", pure=True).load(text)
        folder, axis = params.parent, settings["axis"]
        answer = (folder / "results/answer.txt").read_text(encoding="utf-8")
        lines += [
            "",
            f"## {folder.name}",
            "",
            question(text),
            "",
            f"{replicates_words(folder)} of each {axis} of "
            f"{', '.join(map(str, settings['points']))}; {settings['recipe']['epochs']} epochs.",
            "",
            f"> {answer.partition(chr(10))[0]}",
            "",
            *(f"> {line}\n" for line in _descents(answer)),
            *_memorised(folder, settings),
            f"![Train and test loss]({folder.name}/results/loss-by-{axis}.svg)",
        ]
    return "\n".join(lines) + "\n"


def replicates_words(folder: Path) -> str:
    """How many there are; of a plan of looks, at how many it ended."""
    looks = json.loads((folder / "results/looks.json").read_text(encoding="utf-8"))
    planned, taken = looks["planned"], looks["taken"]
    more = f" (looks at {', '.join(map(str, taken))} of {planned})" if len(planned) > 1 else ""
    return f"{taken[-1]} replicates{more}"


def question(text: str) -> str:
    """The comment with which params.yaml begins, up to what all of them say."""
    comment = []
    for line in text.splitlines():
        if not line.startswith("# ") or line.startswith("# The same pipeline"):
            break
        comment.append(line.removeprefix("# "))
    return " ".join(comment)


def _memorised(folder: Path, settings: dict[str, Any]) -> list[str]:
    """Where the fixed recipe has first learnt its training labels by heart, if it does."""
    if settings["data"].get("task") != "classification":
        return []
    level, of = settings["threshold"]["memorised"], find_axis(settings["axis"])
    found = json.loads((folder / "results/threshold.json").read_text(encoding="utf-8"))
    point = found["fixed"]["last"]["interpolation_threshold"]
    if point is None:
        return []
    return [
        f"The training labels are learnt by heart (error {level * 100:g} %) first {of.at(point)}.",
        "",
    ]


def _descents(answer: str) -> list[str]:
    """The sentences on a peak that the answer itself does not tell of, each once."""
    first, *details = answer.splitlines()
    told = "Test loss rises" if " a peak " in first else None
    peaks = [line.strip() for line in details if " a peak " in line]
    return list(dict.fromkeys(line for line in peaks if told is None or told not in line))


if __name__ == "__main__":
    sys.stdout.write(experiments_page(EXPERIMENTS))
