"""Chosen values at an end of their range: which are told, and what to try next."""

from types import SimpleNamespace

import pytest

from depthgauge.report.search_ends import at_ends, say_ends
from depthgauge.settings.load import load_settings
from tests.experiment import new_experiment


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ends") / "images"
    experiment = new_experiment(folder, "images").tune()
    experiment.set("replicates", 6)
    experiment.set("search.studies", 2)
    experiment.set(
        "search.space",
        {
            "learning_rate": {"low": 0.001, "high": 0.1},
            "batch_size": [4, 8, 16],
            "width": {"low": 4, "high": 16},
            "dropout": {"low": 0.0, "high": 0.8},
            "activation": ["relu", "tanh"],
        },
    )
    return load_settings(experiment.folder)


def facts(settings, *chosen):
    """chosen: the values of each search, two of a point."""
    middle = {"learning_rate": 0.01, "batch_size": 8, "width": 8, "dropout": 0.4}
    searches = [
        SimpleNamespace(
            recipe_name="tuned",
            point=place // 2,
            best=SimpleNamespace(values={**middle, "activation": "relu"} | values),
        )
        for place, values in enumerate(chosen)
    ]
    return SimpleNamespace(settings=settings, searches=searches, of=settings.swept)


@pytest.mark.parametrize(
    ("values", "end", "tried"),
    [
        ({"learning_rate": 0.099}, 0.1, "{low: 0.001, high: 1.0}"),
        ({"learning_rate": 0.001}, 0.001, "{low: 0.0001, high: 0.1}"),
        ({"batch_size": 16}, 16, "[4, 8, 16, 32]"),
        ({"batch_size": 4}, 4, "[2, 4, 8, 16]"),
        ({"width": 16}, 16, "{low: 4, high: 64}"),
        ({"width": 4}, 4, "{low: 1, high: 16}"),
        # 1.6 and 1.2 can be no share that is dropped, nor can 1.
        ({"dropout": 0.79}, 0.8, None),
    ],
)
def test_what_to_try_next(settings, values, end, tried):
    (found,) = at_ends(facts(settings, {}, values))
    (name,) = values
    assert (found.end, found.next_range, found.key) == (end, tried, f"search.space.{name}")
    assert found.chosen == {0: 1}
    (said,) = say_ends(facts(settings, {}, values))
    assert (f": try search.space.{name}: {tried}." in said) == (tried is not None)


@pytest.mark.parametrize(
    "values",
    [{}, {"dropout": 0.0}, {"activation": "tanh"}, {"learning_rate": 0.07}, {"width": 15 - 7}],
)
def test_what_is_no_end(settings, values):
    """The 0 of a regulariser, a word, and whatever lies within."""
    assert at_ends(facts(settings, values)) == []


def test_those_of_most_searches_are_said(settings):
    many = settings.model_copy(update={"search": settings.search.model_copy(update={"studies": 3})})
    known = facts(settings, {"width": 16}, {"width": 16}, {"width": 16}, {}, {})
    known.settings = many
    (found,) = at_ends(known)
    assert found.chosen == {0: 2, 1: 1}
    assert found.by_most == [0]
    (said,) = say_ends(known)
    assert said.startswith("Recipe tuned, at depth 0: 2 of 3 searches chose width at the upper end")
