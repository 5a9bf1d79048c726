"""report: write the page that answers the question, and print the answer.

The page is results/report/index.html: one file that needs no network.

examples:
  depthgauge report
"""

from pathlib import Path

from depthgauge.files.atomic import write_file, write_folder
from depthgauge.progress import say
from depthgauge.report.charts.loss import loss_figure
from depthgauge.report.facts import read_facts
from depthgauge.report.page import page
from depthgauge.settings.schema import Settings

REPORT, FIGURES = Path("results/report"), Path("results")


def report(folder: Path, settings: Settings) -> None:
    """Write the page and the picture of train and test loss; print the answer in a sentence."""
    facts = read_facts(folder, settings)
    html = page(facts)
    heading = f"{facts.experiment}: {facts.replicates} replicates of each {facts.of.noun}"
    picture = loss_figure(facts).svg(heading)
    write_folder(folder / REPORT, {"index.html": html})
    write_file(folder / FIGURES / f"loss-by-{settings.axis}.svg", picture.encode())
    # The pipeline's last stage shows the verdicts too.
    print(facts.answer)
    say(f"report: {folder / REPORT / 'index.html'}")
