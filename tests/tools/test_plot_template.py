import json

from tools.experiments import PLOT_TEMPLATE, ROOT
from tools.plot_template import plot_template


def test_the_template_of_dvc_is_that_of_the_code():
    assert json.loads((ROOT / PLOT_TEMPLATE).read_text()) == plot_template()
