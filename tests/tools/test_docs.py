"""The site holds every page and picture, and a link that leads nowhere fails it."""

import shutil

import pytest
from tools.docs import CONFIG, ROOT, SITE, TABLES, build, pages
from tools.docs_pages import experiment_pages, folders

from depthgauge.codes.registry import codes


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("docs") / "build"
    assert build(ROOT, out) == []
    return out / SITE


def test_every_page_is_in_it(site):
    for place in pages(ROOT).values():
        assert (site / place).with_suffix(".html").is_file(), place
    for name in folders(ROOT):
        text = (site / f"experiments/{name}.html").read_text(encoding="utf-8")
        assert "<img" in text
        assert "<table>" in text
    for code in codes():
        assert f'<h1 id="{code.code.lower()}' in (site / f"codes/{code.code}.html").read_text()


def test_a_verdict_leads_to_its_page(site):
    for page, link in (
        ("reading.html", "codes/DG103.html"),
        ("experiments/board.html", "../codes/DG103.html"),
    ):
        assert f'href="{link}"' in (site / page).read_text(encoding="utf-8")


def test_the_page_of_an_experiment_has_its_answer_and_its_verdicts():
    page = experiment_pages(ROOT)["experiments/board.md"]
    folder = ROOT / "experiments/board/results"
    answer = (folder / "answer.txt").read_text(encoding="utf-8").splitlines()[0]
    quoted = [line.strip("> ") for line in page.splitlines() if line.startswith(">")]
    assert " ".join(filter(None, quoted)) == answer
    # A row for each of points.csv.
    rows = (folder / "points.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert sum(line.startswith("| ") and line[2].isdigit() for line in page.splitlines()) == len(
        rows
    )
    assert "make repro EXPERIMENT=experiments/board" in page or "report.html" in page


FAULTS = (
    "[x](nowhere.md)",
    "[x](page.md#nowhere)",
    "![x](nowhere.svg)",
    '<img src="nowhere.png">',
    '<a href="page.html#nowhere-either">x</a>',
)


def test_what_leads_nowhere_is_told(tmp_path):
    root = tmp_path / "repository"
    (root / "docs").mkdir(parents=True)
    (root / "experiments").mkdir()
    for name in ("params.yaml", CONFIG, "docs/site.css"):
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "results", root / "results", ignore=shutil.ignore_patterns("recipes"))
    text = (root / CONFIG).read_text()
    (root / CONFIG).write_text(text.partition("nav:")[0] + "nav:\n  - Home: index.md\n")
    for name in ("README", *TABLES):
        (root / f"experiments/{name}.md").write_text("# Of others\n")
    for name in ("CONTRIBUTING.md", "CHANGELOG.md"):
        (root / name).write_text("# Of all\n")
    (root / "docs/page.md").write_text("# Page\n\n## Heading\n")
    (root / "docs/reading.md").write_text("# Reading\n\n## Verdicts\n")
    (root / "docs/index.md").write_text("# Home\n\n[x](page.md#heading) [y](../CHANGELOG.md)\n")
    assert build(root, tmp_path / "good") == []
    (root / "docs/index.md").write_text("# Home\n\n" + "\n\n".join(FAULTS) + "\n")
    told = build(root, tmp_path / "bad")
    assert [line.partition(": ")[2] for line in told] == [
        "nowhere.html is no file",
        "page.html#nowhere is no heading there",
        "nowhere.svg is no file",
        "nowhere.png is no file",
        "page.html#nowhere-either is no heading there",
    ]
    # Of what zensical does not look at alone the check itself tells.
    (root / "docs/index.md").write_text(f"# Home\n\n{FAULTS[2]}\n")
    assert len(build(root, tmp_path / "bad")) == 1
