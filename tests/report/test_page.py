"""The page as text: whole, the same each time, and true to its files."""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pytest

from depthgauge.axes.axis import axis_names, find_axis
from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.report.baselines import baseline_rows, beaten
from depthgauge.report.charts.data import data_figures
from depthgauge.report.page import page
from depthgauge.report.style import DARK
from depthgauge.statistics.compare_baselines import compare_baseline
from depthgauge.statistics.estimates import Estimate, Interval
from depthgauge.statistics.verdicts import DoubleDescent
from depthgauge.training.baselines import TREES

NAMES = (
    *("images", "writers", "series", "sequences", "letters"),
    *("one_replicate", "one_depth", "many_depths", "diverged"),
)
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Reader(HTMLParser):
    """Tags with their attributes, ids, and the text of headings, less that of scripts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.levels = [], [], []
        self.figures = {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append((tag, dict(attributes)))
        if re.fullmatch(r"h\d", tag):
            self.levels.append(int(tag[1]))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.open and "data-figure" in self.open[-1][1]:
            self.figures[self.open[-1][1]["data-figure"]] = json.loads(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="session")
def read(experiments):
    texts = {
        name: (e.folder / "results/report/index.html").read_text()
        for name, e in experiments.items()
    }
    return {name: (text, Reader(text)) for name, text in texts.items()}


def test_the_same_facts_give_the_same_bytes(facts, name, experiments):
    written = (experiments[name].folder / "results/report/index.html").read_bytes()
    assert page(facts[name]) == written


def test_the_markup_is_whole_and_ids_are_single(read, name):
    reader = read[name][1]
    assert reader.open == []
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [a["href"][1:] for a in reader.all("a") if a.get("href", "").startswith("#")]
    assert targets
    assert set(targets) <= set(ids)


def test_nothing_is_fetched_and_the_library_is_there_once(read, name):
    text, reader = read[name]
    for _, attributes in reader.tags:
        for key in ("src", "href"):
            assert attributes.get(key, "#").startswith(("#", "data:"))
    assert text.count("window.vegaEmbed=") == 1
    assert len(text.encode()) < 2_000_000
    assert "default-src 'none'" in text


def test_it_can_be_heard(read, name):
    reader = read[name][1]
    assert reader.all("html")[0]["lang"] == "en"
    assert reader.levels.count(1) == 1
    steps = [b - a for a, b in zip(reader.levels, reader.levels[1:], strict=False)]
    assert max(steps) == 1
    assert all("scope" in attributes for attributes in reader.all("th"))
    captions = {a["id"] for a in reader.all("figcaption")}
    plots = [a for a in reader.all("div") if a.get("role") == "img"]
    assert {a["aria-labelledby"] for a in plots} == captions
    assert len(plots) == len(reader.figures) >= 3
    for button in reader.all("button"):
        assert "aria-label" in button or button["id"] == "theme"


def test_the_choice_stands_under_the_answer_and_before_any_figure(read, name):
    text = read[name][0]
    places = [text.index(f'class="{part}"') for part in ("answer", "use")]
    assert places == sorted(places)
    assert places[-1] < text.index("<figure")
    assert text.count("To use:") <= 1


def test_no_sentence_stands_there_twice(read, name):
    """Whole paragraphs and entries of lists; a step of a slider is of its figure."""
    html = re.sub(r"<script.*?</script>", "", read[name][0], flags=re.DOTALL)
    found = re.findall(r"<(li|p)(?: class=\"(?:answer|use)\")?>(.*?)</\1>", html, flags=re.DOTALL)
    said = [" ".join(re.sub("<[^>]*>", "", text).split()) for _, text in found]
    counts = Counter(text for text in said if len(text) > 30)
    assert [text for text, count in counts.items() if count > 1] == []


def test_views_beyond_the_first_are_folded(read, facts):
    text, reader = read["images"]
    spec = reader.figures["plot-loss"]
    views = list(spec["facet"]["sort"])
    assert spec["usermeta"]["first"] == views[0]
    assert set(spec["usermeta"]["axes"]) == {"all", *views}
    folded = "".join(re.findall(r"<details.*?</details>", text, flags=re.DOTALL))
    for view in views[1:]:
        assert f'aria-label="Verdicts, {view}"' in folded
    assert f'aria-label="Verdicts, {views[0]}"' not in folded


def test_no_place_and_no_time_is_told(read, name, experiments):
    text = read[name][0]
    assert str(experiments[name].folder) not in text
    own = text[: text.rindex("<script>", 0, text.index("window.vegaEmbed="))]
    own += text[text.index("const DARK") :]
    assert not re.search(r"\d\d:\d\d:\d\d", own)


def test_the_answer_is_that_of_the_other_files(read, name, experiments):
    answer = (experiments[name].folder / "results/answer.txt").read_text().splitlines()[0]
    said = re.findall(r'<p class="answer">(.*?)</p>', read[name][0])
    assert unescape(re.sub("<[^>]*>", "", " ".join(said))) == answer
    found = experiments[name].threshold()["fixed"]["last"]["overfitting_threshold"]
    assert (f"overfitting begins at depth {found}:" in answer) == (found is not None)


def table(text, name):
    """The numbers of a figure, as its link holds them."""
    return list(csv.DictReader(io.StringIO(read_csv(Reader(text), name))))


def read_csv(reader, name):
    (link,) = [a for a in reader.all("a") if a.get("id") == f"csv-{name}"]
    return unquote(link["href"].removeprefix("data:text/csv;charset=utf-8,"))


def test_every_finite_replicate_is_a_row(read, name, facts):
    rows = [row for row in table(read[name][0], "loss") if row["loss"]]
    losses = [losses for view in facts[name].losses.values() for losses in view.values()]
    assert len(rows) == sum(int(np.isfinite(each).sum()) for each in losses)
    spec = read[name][1].figures["plot-loss"]
    assert len(spec["facet"]["sort"]) == len(facts[name].verdicts)


def test_means_are_the_means_of_points_csv(read, experiments):
    for name in ("images", "series"):
        with (experiments[name].folder / "results/points.csv").open() as file:
            points = list(csv.DictReader(file))
        drawn = {
            (row["recipe"], row["stopping"], row["depth"], row["split"]): float(row["mean_loss"])
            for row in table(read[name][0], "loss")
            if row["mean_loss"]
        }
        wanted = {
            (row["recipe"], row["stopping"], row["point"], split): float(row[f"{split}_loss"])
            for row in points
            for split in ("train", "test")
        }
        assert drawn == pytest.approx(wanted, rel=1e-5)


def test_numbers_are_written_once(read, name):
    for spec in read[name][1].figures.values():
        assert set(spec["data"]) == {"format"}
        assert not spec.get("datasets")


def test_every_metric_reaches_the_verdicts(facts):
    known = facts["images"]
    measured = {"test_other": Estimate(0.625, None), "train_other": Estimate(0.75, None)}
    verdicts = {
        view: replace(
            verdict,
            points=tuple(
                replace(point, estimates={**dict(list(point.estimates.items())[:3]), **measured})
                for point in verdict.points
            ),
        )
        for view, verdict in known.verdicts.items()
    }
    html = page(replace(known, verdicts=verdicts)).decode()
    assert html.count('<th scope="col">test other</th>') == len(known.verdicts)
    assert html.count("<span>0.625</span></td>") == 3 * len(known.verdicts)
    assert "0.75</span></td>" not in html


def test_the_numbers_are_beside_each_figure(read, name):
    links = [a for a in read[name][1].all("a") if "download" in a]
    tables = {spec["usermeta"]["table"] for spec in read[name][1].figures.values()}
    assert {link["id"] for link in links} == tables
    for link in links:
        rows = table(read[name][0], link["id"].removeprefix("csv-"))
        assert rows
        assert all(None not in row and None not in row.values() for row in rows)


def test_the_search_is_shown_where_there_was_one(read):
    assert {"plot-search-progress", "plot-search-space"} <= set(read["images"][1].figures)
    assert not [name for name in read["series"][1].figures if "search" in name]
    # The small experiment's own settings.
    assert "alone: 1 search of 4 trials of 2 replicates, each trained for" in read["images"][0]
    assert 'href="#search"' not in read["series"][0]


def test_the_data_are_shown_by_their_kind(read):
    assert {"plot-images", "plot-classes"} <= set(read["images"][1].figures)
    assert "plot-series" in read["series"][1].figures


def test_every_colour_is_known_to_the_dark_theme(read, name):
    text = json.dumps(read[name][1].figures)
    colours = set(re.findall(r"#[0-9A-Fa-f]{6}", text))
    assert colours <= set(DARK)
    assert not set(DARK) & set(DARK.values())


def test_what_a_person_wrote_is_text(facts):
    hostile = "<script>alert(1)</script>"
    settings = facts["images"].settings.model_copy(update={"experiment": hostile})
    text = page(replace(facts["images"], settings=settings, answer=f"{hostile}.")).decode()
    assert hostile not in text
    assert "&lt;script&gt;alert(1)" in text


def test_every_run_is_named_by_its_digest(read, facts):
    text = read["images"][0]
    names = list(facts["images"].sources)
    assert names[0] == "fixed depth 0"
    assert "search depth 0 study 0" in names
    for name, digest in facts["images"].sources.items():
        assert name in text
        assert digest in text


@pytest.mark.parametrize("axis", axis_names())
def test_every_axis_can_be_shown(facts, axis):
    for name in ("images", "one_replicate", "diverged"):
        settings = facts[name].settings.model_copy(update={"axis": axis})
        text = page(replace(facts[name], settings=settings)).decode()
        figure = Reader(text).figures["plot-loss"]
        assert find_axis(axis).label in json.dumps(figure, ensure_ascii=False)
        assert f"The verdict on each {find_axis(axis).noun}" in text


def test_other_data_have_a_picture_of_their_targets(facts):
    series = facts["series"]
    changed = replace(series, dataset=replace(series.dataset, times=None))
    html = page(changed).decode()
    assert "plot-targets" in Reader(html).figures
    assert "plot-series" not in Reader(html).figures
    for split in SPLIT_NAMES:
        tallied = sum(int(row[split]) for row in table(html, "targets"))
        assert tallied == series.dataset.splits[split].shape[1]


@pytest.mark.parametrize(
    ("called", "across"),
    [(lambda k: f"{k / 12 + 1949:.3f}", "time"), (lambda k: f"2024-01-01T{k:02}:00", "step")],
    ids=["numbers", "hours"],
)
def test_a_series_of_rows_is_drawn_by_what_its_rows_are_called(facts, called, across):
    series = facts["series"]
    names = tuple(map(called, range(len(series.dataset.row_names))))
    # A hole of nine steps in the middle.
    times = np.arange(len(names)) + 9 * (np.arange(len(names)) >= len(names) // 2)
    changed = replace(series, dataset=replace(series.dataset, row_names=names, times=times))
    html = page(changed).decode()
    drawn = json.dumps(Reader(html).figures["plot-series"])
    assert f'"field": "{across}", "' in drawn
    # No name of a row goes through the format of numbers.
    assert '"type": "ordinal"' not in drawn
    assert ("steps from 2024-01-01T00:00 on" in drawn) == (across == "step")
    assert "datum.step - datum.before > 1" in drawn
    # Every row of a split once.
    rows = [row for split in SPLIT_NAMES for row in series.dataset.splits[split][0]]
    assert [row["time"] for row in table(html, "series")] == [names[row] for row in rows]
    assert [int(row["step"]) for row in table(html, "series")] == [times[row] for row in rows]


@pytest.mark.parametrize(("name", "timed"), [("series", True), ("targets", False)])
def test_vectors_of_targets(facts, name, timed):
    series = facts["series"]
    dataset = series.dataset
    twice = np.concatenate([dataset.targets, dataset.targets], axis=1)
    times = dataset.times if timed else None
    changed = replace(series, dataset=replace(dataset, targets=twice, times=times))
    assert f"plot-{name}" in Reader(page(changed).decode()).figures


def test_the_least_possible_loss_and_a_second_descent_are_told(facts):
    known = facts["series"]
    descent = DoubleDescent(0, 1, 2, 3, 0.2, Interval(0.1, 0.3), 0.25, 1e-4, 1e-3, True)
    told = replace(
        known,
        baselines=[named(known, "reference", 0.0421)],
        verdicts={
            view: replace(verdict, double_descent={"loss": descent})
            for view, verdict in known.verdicts.items()
        },
    )
    html = page(told).decode()
    assert "The dashed line is the least test loss that any model can reach, 0.0421." in html
    said = re.sub("<[^>]*>", "", html)
    assert "beyond which it falls again: at depth 2 it is 25 % lower" in said
    assert "least test loss that any model" not in page(known).decode()


def test_one_replicate_has_no_intervals_to_speak_of(facts):
    said = re.sub("<[^>]*>", "", page(facts["one_replicate"]).decode())
    assert "Lines join the losses of one replicate, which has no intervals." in said
    assert (
        "all panels with the same axes unless others are chosen; one replicate has no intervals."
        in said
    )
    for words_ in ("with their 95 % intervals", "bands are 95 %", "two-sided 95 %"):
        assert words_ not in said


def test_new_groups_have_a_column_of_their_own(read, facts):
    text = read["writers"][0]
    assert "for new groups" in text
    assert "fixed recipe on unseen groups, after the last epoch" in text
    assert "on unseen groups the recipe is tested on" in text
    assert "for new groups" not in read["images"][0]
    # The weights are measured on the rows that training measured them on.
    for verdict in facts["writers"].verdicts.values():
        for point in verdict.points:
            means = point.means
            assert means["test_accuracy"] == pytest.approx(1 - means["test_error"], abs=1e-6)


def test_metrics_that_count_have_a_section_and_stand_beside_the_baselines(read, facts):
    text = read["images"][0]
    assert "By other measures" in text
    assert {"plot-accuracy", "plot-macro_f1"} <= set(read["images"][1].figures)
    rows = baseline_rows(facts["images"])
    (network,) = [row for row in rows if row.network and row.measured == "accuracy"]
    rivals = [row for row in rows if not row.network and row.measured == "accuracy"]
    assert network.beaten is None
    assert network.estimates["test"].mean is not None
    names = ["frequencies of the classes", "gradient-boosted trees"]
    assert [row.name for row in rivals] == names
    assert {row.measured for row in rows} == {"loss", "accuracy", "macro F1"}
    without = replace(facts["images"], metrics={})
    assert "By other measures" not in page(without).decode()


def named(facts, name, level, quantity="loss", **more):
    """A baseline at a level, beside a network that has 1 on average."""
    own = 1 + np.linspace(-0.01, 0.01, facts.settings.trained)
    values = {split: np.full(1, level) for split in SPLIT_NAMES}
    clusters = np.arange(facts.settings.trained)
    return compare_baseline(name, quantity, values, own, clusters, False, **more)


@pytest.mark.parametrize(("level", "beaten_is"), [(2.0, True), (1.0, None), (0.5, False)])
def test_a_baseline_is_beaten_where_it_is_told_apart(facts, level, beaten_is):
    known = facts["images"]
    seen = replace(known, baselines=[named(known, "a_guess", level)])
    rows = baseline_rows(seen)
    (row,) = [b for b in rows if b.name == "a guess"]
    assert row.beaten is beaten_is
    assert row.told == {True: "yes", False: "no", None: "not told apart"}[beaten_is]
    assert re.fullmatch(r"−?[\d.e−]+ \(−?[\d.e−]+ to −?[\d.e−]+\)", row.difference)
    said = beaten(rows)
    assert ("Not told apart from it on test loss: a guess." in said) == (beaten_is is None)
    assert ("Not beaten on test loss: a guess." in said) == (beaten_is is False)
    assert ("On test loss the network to use beats all of them." in said) == (beaten_is is True)


def test_the_truth_cannot_be_beaten(facts):
    known = facts["series"]
    seen = replace(known, baselines=[named(known, "reference", 0.5), named(known, "a", 2.0)])
    said = beaten(baseline_rows(seen))
    assert "The truth itself, which no model can beat, has a test loss of 0.5." in said
    assert "On test loss the network to use beats all of them." in said
    (truth,) = [row for row in baseline_rows(seen) if row.truth]
    assert truth.told == ""


@pytest.mark.parametrize("level", [0.5, 2.0])
def test_near_the_answer_it_says_whether_a_network_is_worth_it(facts, level):
    known = facts["images"]
    html = page(replace(known, baselines=[named(known, TREES, level)])).decode()
    said = re.sub("<[^>]*>", "", re.search(r'<p class="worth">(.*?)</p>', html)[1])
    assert ("no depth that was tried is worth it" in said) == (level < 1)
    assert html.index('class="answer"') < html.index('class="worth"') < html.index("<figure")


def test_without_baselines_nothing_is_said_of_them(facts):
    assert 'class="worth"' not in page(replace(facts["images"], baselines=[])).decode()


def test_every_baseline_is_on_the_page(read, name, facts):
    text = read[name][0]
    assert "gradient-boosted trees</th>" in text
    shown = text[text.index('aria-label="Baselines"') :]
    shown = shown[: shown.index("</table>")]
    rows = baseline_rows(facts[name])
    assert shown.count('<th scope="row">') == len(rows)
    assert "None" not in shown
    assert "nan" not in shown


def test_sequences_are_drawn_step_by_step(facts):
    """A panel for each class; where they are letters alone, as pictures of them."""
    known = facts["sequences"]
    figure = next(f for f in data_figures(known) if f.name == "sequences")
    assert figure.title == "Example sequences: speed"
    dataset = known.dataset
    assert {row["class"] for row in figure.rows} == set(dataset.classes)
    for row in figure.rows:
        place = dataset.row_names.index(row["sequence"])
        cells = dataset.inputs[place].reshape(dataset.input_shape)
        assert row["value"] == pytest.approx(cells[0, row["step"] - 1], rel=1e-5)
        assert dataset.classes[dataset.targets[place]] == row["class"]
    # No step behind the end of a sequence.
    counts = Counter(row["sequence"] for row in figure.rows)
    assert {3 + int(name[1:]) % 4 for name in counts} == set(counts.values())
    figure = next(f for f in data_figures(facts["letters"]) if f.name == "sequences")
    assert "from above ground=a, ground=b, present, and a column is a step" in figure.caption
    assert all("nan" not in str(row["pixels"]) for row in figure.rows)
