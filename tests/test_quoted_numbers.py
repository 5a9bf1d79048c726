"""Numbers of the pages are those of the committed results, rounded."""

import csv
import json
import re

import pytest

from tests.documents import ROOT, text_of


def rows(name, heading):
    """The cells of the table whose first line begins so."""
    text = text_of(name)
    table = text[text.index(f"\n| {heading}") + 1 :].partition("\n\n")[0]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    return cells[2:]


def numbers(text):
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]


def test_of_a_training_step():
    shown = rows("docs/speed.md", "depth | | ms a step")
    measured = rows("benchmarks/results/speed.md", "depth | | fastest")
    assert len(shown) == len(measured)
    for (depth, who, ms, times), (there, whom, _, step, ratio, rate) in zip(
        shown, measured, strict=True
    ):
        assert depth == there
        assert who.partition(",")[0].startswith(whom.partition(",")[0])
        assert ms.split()[0] == step
        if whom == "depthgauge":
            assert numbers(ms)[1] == numbers(rate)[0]
        else:
            assert float(times) == pytest.approx(float(ratio), abs=0.0501)


def test_of_every_network():
    shown = {name: (one, four) for name, one, four in rows("docs/speed.md", "network | times")}
    measured = {}
    for name, _, _, _, _, times in rows("benchmarks/results/families.md", "network | depth"):
        measured[name] = (*measured.get(name, ()), times)
    assert shown == measured


def test_of_the_time_to_a_decided_answer():
    measured = rows("benchmarks/results/decided-answer.md", "experiment | who")
    times = [round(float(row[4])) for row in measured if row[1].startswith("depthgauge")]
    text = " ".join(text_of("docs/is-it-luck.md").split())
    assert "depthgauge {}, {} and {} times as fast".format(*times) in text


def test_of_fresh_data_sets():
    held = re.findall(r"hold the difference .*", text_of("benchmarks/results/truth.md"))
    (last_seeds, last_all), (early_seeds, early_all) = (numbers(line)[::2] for line in held)
    text = " ".join(text_of("docs/is-it-luck.md").split())
    told = re.search(
        r"Of (\d+) intervals each, (\d+) and (\d+) held .* alone (\d+) and (\d+)\.", text
    )
    assert [int(n) for n in told.groups()] == [120, last_all, early_all, last_seeds, early_seeds]


def test_of_other_kernels():
    last = rows("benchmarks/results/other-kernels.md", "point | epoch")[-1]
    mean, worst = (100 * float(cell) for cell in last[2:])
    text = " ".join(text_of("docs/promises.md").split())
    assert f"differed by {mean:.2g} % at most, at depth {last[0]}" in text
    assert f"one replicate differed by {worst:.2g} %" in text


@pytest.mark.parametrize("page", ["docs/groups.md", "docs/reading.md"])
def test_of_people_who_were_never_seen(page):
    """Their loss is more than twice as high, at every depth from 1 on."""
    with (ROOT / "results/points.csv").open() as file:
        losses = {
            (row["recipe"], row["stopping"], int(row["point"])): float(row["test_loss"])
            for row in csv.DictReader(file)
        }
    for depth in range(1, 7):
        assert losses["grouped", "last", depth] > 2 * losses["fixed", "last", depth]
    assert "more than twice as high" in " ".join(text_of(page).split())


def test_of_what_cures():
    """On the diabetes data, at the first and at the last depth."""
    folder = ROOT / "experiments/diabetes/results"
    cures = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))["cures"]
    of = {(cure["recipe"], cure["stopping"]): cure for cure in cures}
    early, tuned = of["fixed", "validation"], of["tuned", "validation"]
    text = " ".join(text_of("docs/tuning.md").split())
    first, last = early["points"][0], early["points"][-1]
    assert f"rises by {first['first']:.1%} at depth {first['point']}".replace("%", " %") in text
    assert f"by {last['first']:.0%} at depth {last['point']}".replace("%", " %") in text
    assert (early["effect"], tuned["effect"]) == ("removes", "lessens")
    assert f"lessens it to {tuned['points'][0]['rise']:.1%}".replace("%", " %") in text
    assert all(cure["points"][-1]["rise"] < 0.05 for cure in cures)
    assert "all three leave less than 5 %" in text
