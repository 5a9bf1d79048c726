"""report: write the page that answers the question, and print the answer.

The page is results/report/index.html: one file that needs no network.

examples:
  depthgauge report
"""

from pathlib import Path

from depthgauge.artifacts.page import PAGE, figure_path
from depthgauge.files.atomic import write_file, write_folder
from depthgauge.progress import say
from depthgauge.report.charts.static import Panel, loss_by_point
from depthgauge.report.facts import Facts, read_facts
from depthgauge.report.page import page
from depthgauge.report.style import loss_words, view_title
from depthgauge.settings.schema import Settings


def report(folder: Path, settings: Settings) -> None:
    """Write the page and the figure of train and test loss; print the answer in a sentence."""
    facts = read_facts(folder, settings)
    html, figure = page(facts), _figure(facts)
    write_folder(folder / PAGE.parent, {PAGE.name: html})
    write_file(folder / figure_path(settings.axis), figure)
    # The pipeline's last stage shows the verdicts too.
    print(facts.answer)
    say(f"report: {folder / PAGE}")


def _figure(facts: Facts) -> bytes:
    panels = [
        Panel(
            title=view_title(*view),
            points=facts.points,
            losses=dict(facts.losses[view]),
            best=verdict.best,
            threshold=verdict.on_this_data.threshold,
            floor=facts.floor,
        )
        for view, verdict in facts.verdicts.items()
    ]
    heading = f"{facts.experiment}: {facts.replicates} replicates of each {facts.of.noun}"
    return loss_by_point(panels, facts.axis, loss_words(facts.loss), heading)
