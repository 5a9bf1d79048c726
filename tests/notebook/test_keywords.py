"""Keywords, as params.yaml calls them."""

import numpy as np
import pytest

from depthgauge.notebook.keywords import with_keywords
from tests.experiment import COMMON, DATA

RECIPE = COMMON["recipe"] | {"loss": {"name": "mae"}}
CONTENT = COMMON | {"data": DATA["table"], "recipe": RECIPE}


def put(**given):
    return with_keywords(CONTENT, given)


def test_a_range_of_an_axis_is_what_is_swept_and_a_number_a_setting():
    found = put(width=np.arange(1, 4), epochs=7, depth=2)
    assert (found["axis"], found["points"]) == ("width", [1, 2, 3])
    assert type(found["points"][0]) is int
    assert (found["recipe"]["epochs"], found["recipe"]["network"]["depth"]) == (7, 2)
    assert CONTENT["recipe"]["epochs"] == 2


def test_a_name_in_several_sections_is_that_of_the_recipe():
    found = put(learning_rate=0.5, replicates=9)
    assert found["recipe"]["optimizer"]["learning_rate"] == 0.5
    assert found["search"] == CONTENT["search"]
    assert (found["replicates"], CONTENT["replicates"]) == (9, 3)


def test_a_mapping_is_merged_and_dotted_names_are_known():
    found = put(recipe={"epochs": 3}, data={"split": {"train": 5}}, **{"threshold.margin": 0.1})
    assert found["recipe"] == CONTENT["recipe"] | {"epochs": 3}
    assert found["data"]["split"] == CONTENT["data"]["split"] | {"train": 5}
    assert found["threshold"]["margin"] == 0.1


def test_the_space_of_a_search_is_what_is_given():
    assert put(space={"width": [2, 4]})["search"]["space"] == {"width": [2, 4]}


def test_another_entry_keeps_what_it_knows():
    assert put(optimizer="sgd")["recipe"]["optimizer"] == {
        **{"name": "sgd", "learning_rate": 0.01, "weight_decay": 0.0}
    }
    network = put(network="resnet", width=8)["recipe"]["network"]
    assert network == {
        **{"family": "resnet", "depth": 1, "width": 8},
        **{"normalisation": "layer", "dropout": 0.0, "residual_dropout": 0.0},
    }
    loss = put(loss={"name": "huber", "delta": 2.0})["recipe"]["loss"]
    assert loss == {"name": "huber", "delta": 2.0}


def test_a_single_name_is_a_list_of_it():
    assert put(recipes="fixed")["recipes"] == ["fixed"]


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"epoch": 3}, TypeError, "unexpected keyword argument 'epoch'; did you mean 'epochs'?"),
        ({"zzzz": 3}, TypeError, "unexpected keyword argument 'zzzz'$"),
        ({"depth": [1, 2], "width": [1]}, TypeError, "one range; depth and width are given"),
        ({"name": "x"}, TypeError, "may be recipe.optimizer.name or .*; name the section"),
        ({"depth": 3}, ValueError, r"depth: is what is swept: give a range, as depth=\[1, 2, 4\]"),
        ({"depth": []}, ValueError, r"depth: is what is swept, and has no value: \[\]"),
    ],
)
def test_a_keyword_that_is_none_is_told(given, error, said):
    with pytest.raises(error, match=said):
        put(**given)
