"""report: write the page that answers the question, and print the answer.

The page is results/report/index.html: one file that needs no network.

examples:
  depthgauge report
"""

from pathlib import Path

from depthgauge.artifacts.page import PAGE, write_figure, write_page
from depthgauge.progress import say
from depthgauge.report.charts.loss import loss_figure
from depthgauge.report.facts import read_facts
from depthgauge.report.page import page
from depthgauge.report.search_ends import say_ends
from depthgauge.settings.schema import Settings


def report(folder: Path, settings: Settings) -> None:
    """Write the page and the picture of train and test loss; print the answer in a sentence."""
    facts = read_facts(folder, settings)
    html = page(facts)
    heading = f"{settings.experiment}: {facts.settings.trained} replicates of each {facts.of.noun}"
    picture = loss_figure(facts).svg(heading)
    write_page(folder, html)
    write_figure(folder, settings.axis, picture)
    # The pipeline's last stage shows the verdicts too.
    print("\n".join([facts.answer, *say_ends(facts)]))
    say(f"report: {folder / PAGE}")
