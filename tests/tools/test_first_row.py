"""The committed picture is the first row of the committed figure."""

import re

from tools.first_row import FIGURE, ROOT, first_row


def test_the_committed_one_is_that_of_the_committed_figure():
    assert (ROOT / "docs/digits.svg").read_text(encoding="utf-8") == first_row(ROOT)


def test_it_has_the_panels_of_the_fixed_recipe_alone():
    def titles(svg):
        return re.findall(r">([^<]*recipe[^<]*)</text>", svg)

    whole = titles((ROOT / FIGURE).read_text(encoding="utf-8"))
    assert len(whole) > 2
    assert titles(first_row(ROOT)) == [
        "fixed recipe, after the last epoch",
        "fixed recipe, at least validation loss",
    ]
