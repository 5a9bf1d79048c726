import re

from tools.experiments import PLOT_PAGE, PLOT_TEMPLATE, ROOT

from depthgauge.report.dvc_plots import plot_page, plot_template


def test_the_template_of_dvc_is_that_of_the_code():
    assert (ROOT / PLOT_TEMPLATE).read_text() == plot_template()


def test_the_page_around_plots_is_that_of_the_code_and_loads_nothing():
    page = plot_page()
    assert (ROOT / PLOT_PAGE).read_text() == page
    assert page.count("{plot_divs}") == 1
    assert "{scripts}" not in page
    # One element, which ends where it should and names no address to load from.
    assert page.count("</script") == 1
    assert not re.search(r"<(script|link|img)[^>]*(src|href)=.?https?:", page)
