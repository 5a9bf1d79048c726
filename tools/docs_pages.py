"""The pages of the site that nobody writes: of each bundled experiment, verdict and warning."""

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from tools.experiments import experiments
from tools.experiments_page import question, replicates_words

from depthgauge.axes.axis import find_axis
from depthgauge.codes.pages import page_text
from depthgauge.codes.registry import code_of, codes, kinds
from depthgauge.report.style import view_title
from depthgauge.settings.load import load_settings

REPORT = "results/report/index.html"
# What is asked of a point: the column of points.csv, and the heading of the table.
ASKED = {
    "on_this_data": "on this data",
    "for_new_data": "for new data",
    "for_new_groups": "for new groups",
}


def folders(root: Path) -> dict[str, Path]:
    """The folder of each bundled experiment by its name, the default one's first."""
    first, *others = experiments(root)
    return {load_settings(first).experiment: first} | {folder.name: folder for folder in others}


def reports(root: Path) -> dict[str, Path]:
    """The pages of HTML that are on this disk, by their place in the site."""
    found = {f"experiments/{name}/report.html": f / REPORT for name, f in folders(root).items()}
    return {place: path for place, path in found.items() if path.is_file()}


def experiment_pages(root: Path) -> dict[str, str]:
    """The text of each by its place in the site; links are those of experiments/README.md."""
    return {f"experiments/{n}.md": _experiment(root, n, f) for n, f in folders(root).items()}


def _experiment(root: Path, name: str, folder: Path) -> str:
    settings = load_settings(folder)
    here = ".." if folder == root else name
    first, *details = (folder / "results/answer.txt").read_text(encoding="utf-8").splitlines()
    points = ", ".join(map(str, settings.points))
    asked = question((folder / "params.yaml").read_text(encoding="utf-8"))
    where = "" if folder == root else f" EXPERIMENT=experiments/{name}"
    if (folder / REPORT).is_file():
        whole = f"[The whole page of this experiment]({name}/report.html), with every figure."
    else:
        whole = (
            "The whole page of this experiment, with every figure, lies in DVC's cache and not in "
            f"git: `make repro{where}` brings or makes it, then `make docs` has it here."
        )
    lines = [
        f"# {name}",
        "",
        asked.partition(" Every setting is here")[0],
        "",
        *_quoted(first),
        f"![Train and test loss]({here}/results/loss-by-{settings.axis}.svg)",
        "",
        f"{replicates_words(folder)} of each {settings.axis} of {points}; "
        f"[all settings]({here}/params.yaml). {whole}",
        "",
        "## Verdicts",
        "",
        f"Mean losses over the replicates, with 95 % intervals for new data; what is said of each "
        f"{find_axis(settings.axis).noun} ([the words](../docs/reading.md#verdicts)).",
        "",
        *_tables(folder),
        "## In words",
        "",
        *_details(details),
    ]
    return "\n".join(lines) + "\n"


def _quoted(answer: str) -> Iterator[str]:
    """The answer, with what it says of each recipe and measure in a paragraph of its own."""
    for part in re.split(r"(?<=\.) (?=By |With |Early |Test )", answer):
        yield from (f"> {part}", ">")
    yield ""


def _tables(folder: Path) -> Iterator[str]:
    """A table for each view."""
    with (folder / "results/points.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    asked = {key: words for key, words in ASKED.items() if any(row.get(key) for row in rows)}
    for view, points in groupby(rows, lambda row: (row["recipe"], row["stopping"])):
        yield f"**{view_title(*view).capitalize()}**\n"
        heads = [rows[0]["axis"].replace("_", " "), "train loss", "test loss", *asked.values()]
        yield f"| {' | '.join(heads)} |"
        yield f"|{'---|' * len(heads)}"
        for row in points:
            test = f"{_number(row['test_loss'])}{_interval(row)}"
            cells = [row["point"], _number(row["train_loss"]), test]
            cells += [_verdict(row[key]) for key in asked]
            yield f"| {' | '.join(cells)} |"
        yield ""


def _number(text: str) -> str:
    return f"{float(text):.3g}" if text else "diverged"


def _interval(row: Mapping[str, str]) -> str:
    low, high = (row[f"test_loss_crossed_{end}"] for end in ("low", "high"))
    return f" ({_number(low)} to {_number(high)})" if low and high else ""


def _details(lines: list[str]) -> Iterator[str]:
    """What answer.txt says of each view: its title, then a line each."""
    for line in lines:
        if line.startswith(" "):
            yield f"- {line.strip()}"
        else:
            yield from ("", f"**{line.strip().removesuffix(':').capitalize()}**", "")


def code_pages() -> dict[str, dict[str, str]]:
    """The pages of verdicts and warnings: of each kind, by its title, their texts by their place.

    That of all of them has the title "".
    """
    lines = [
        "# Verdicts and warnings",
        "",
        "Whatever is said of a result has a code, which stands behind it and never changes. Here",
        "is what each means, why it matters and what to do; `depthgauge explain CODE` prints it.",
    ]
    found: dict[str, dict[str, str]] = {"": {}}
    for kind, title in kinds().items():
        of_kind = [code for code in codes() if code.kind == kind]
        found[title] = {f"codes/{code.code}.md": page_text(code) for code in of_kind}
        lines += ["", f"## {title}", "", "| code | said | what it means |", "|---|---|---|"]
        lines += [f"| [{c.code}]({c.code}.md) | {c.word} | {c.line} |" for c in of_kind]
    found[""] = {"codes/index.md": "\n".join(lines) + "\n"}
    return found


def _verdict(word: str) -> str:
    """A verdict, as a link to its page."""
    return f"[{word}](../codes/{code_of('verdict', word)}.md)" if word else ""
