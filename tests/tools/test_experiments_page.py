"""The committed page of experiments is what the committed results say."""

from tools.experiments_page import EXPERIMENTS, experiments_page


def test_the_committed_page_is_that_of_the_committed_results():
    committed = (EXPERIMENTS / "README.md").read_text(encoding="utf-8")
    assert committed == experiments_page(EXPERIMENTS)


def test_every_experiment_and_its_figure_is_on_it():
    page = experiments_page(EXPERIMENTS)
    for folder in EXPERIMENTS.iterdir():
        if (folder / "params.yaml").is_file():
            assert f"\n## {folder.name}\n" in page
    figures = [line.split("(")[1].rstrip(")") for line in page.splitlines() if "![" in line]
    assert figures
    for figure in figures:
        assert (EXPERIMENTS / figure).is_file()
