import re

import pytest

from depthgauge.axes.axis import AXES
from depthgauge.data.kinds.kind import KINDS
from depthgauge.entries import entry_names, one_of
from depthgauge.errors import InputError
from depthgauge.settings.load import parse_settings
from depthgauge.settings.schema import Settings
from depthgauge.training.losses.loss import LOSSES
from depthgauge.training.networks.network import NETWORKS
from depthgauge.training.optimizers.optimizer import OPTIMIZERS
from tests.settings.contents import good, message_of, one_of_the, set_

FOR_NUMBERS = one_of([name for name in entry_names(LOSSES) if name != "cross_entropy"])


def test_settings_are_frozen():
    settings = parse_settings(good("images"), "params.yaml")
    with pytest.raises(ValueError, match="frozen"):
        settings.seed = 3
    with pytest.raises(ValueError, match="frozen"):
        settings.recipe.network.width = 3


def test_no_setting_has_a_default():
    def models(model):
        yield model
        for field in model.model_fields.values():
            for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
                if isinstance(part, type) and hasattr(part, "model_fields"):
                    yield from models(part)

    found = list(models(Settings))
    assert len(found) > 7
    assert all(field.is_required() for model in found for field in model.model_fields.values())


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("experiment", "", "experiment: must be letters, digits"),
        ("experiment", "a/b", "experiment: must be letters, digits"),
        ("experiment", "a\n", "experiment: must be letters, digits"),
        ("experiment", "x" * 101, "experiment: "),
        ("seed", -1, "seed: must be greater than or equal to 0, not -1 (int)"),
        ("seed", 2**63, "seed: must be less than 9223372036854775808"),
        ("seed", 1.0, "seed: must be a whole number, not 1.0 (float)"),
        ("replicates", 0, "replicates: must be a whole number from 1 to 10**12, or a plan"),
        ("replicates", 10**13, "replicates: must be a whole number from 1 to 10**12, or a plan"),
        ("axis", "breadth", f"axis: {one_of_the(AXES)}, not 'breadth' (str)"),
        ("points", [], "points: must have at least one value"),
        ("points", 3, "points: must be a list, as in [0, 1, 2], not 3 (int)"),
        ("points", [0, 0.5], "points[1]: must be a whole number, not 0.5 (float)"),
        ("points", [-1], "points[0]: must be greater than or equal to 0"),
        ("points", [65], "points[0]: must be less than or equal to 64, not 65 (int)"),
        ("points", [0, 0], "points: [0, 0] must be different from each other"),
        ("points", [2, 1], "points: [2, 1] must be in ascending order, each once"),
        (
            "recipes",
            ["best"],
            "recipes[0]: must be 'fixed', 'grouped', 'regularised' or 'tuned', not 'best' (str)",
        ),
        ("recipes", ["tuned", "fixed"], "recipes: ['tuned', 'fixed'] must be in alphabetical"),
        ("recipes", ["fixed", "fixed"], "recipes: ['fixed', 'fixed'] must be in alphabetical"),
        ("recipes", [], "recipes: must have at least one value"),
        ("recipes", ["fixed", "grouped"], "recipes: grouped needs data.group, the column"),
        ("metrics", ["acuracy"], "metrics[0]: must be accuracy, auc"),
        ("metrics", ["accuracy", "accuracy"], "metrics: ['accuracy', 'accuracy'] must be diff"),
        ("metrics", ["rmse"], "metrics: rmse is of numbers; data.task is classification"),
        ("metrics", ["cross_entropy"], "metrics: cross_entropy is recipe.loss, which is judged"),
        ("data.kind", "sound", f"data.kind: {one_of_the(KINDS)}, not 'sound' (str)"),
        ("data.scaling", "none", "data.scaling: must be 'all' or 'each', not 'none' (str)"),
        ("data.split.train", 0, "data.split.train: must be greater than or equal to 1"),
        ("recipe.network.width", 0, "recipe.network.width: must be greater than or equal to 1"),
        pytest.param(
            "recipe.network.width",
            16**5000,
            "recipe.network.width: must be less than or equal to 10",
            id="long",
        ),
        (
            "recipe.network.activation",
            "swish",
            "recipe.network.activation: must be 'relu', 'tanh', 'sigmoid', 'hardsigmoid'",
        ),
        (
            "recipe.optimizer.learning_rate",
            0,
            "recipe.optimizer.learning_rate: must be greater than 0, not 0 (int)",
        ),
        (
            "recipe.optimizer.learning_rate",
            float("inf"),
            "recipe.optimizer.learning_rate: must be a finite number",
        ),
        (
            "recipe.optimizer.learning_rate",
            "0.1",
            "recipe.optimizer.learning_rate: must be a number (without quotes)",
        ),
        (
            "recipe.optimizer.weight_decay",
            -0.1,
            "recipe.optimizer.weight_decay: must be greater than or equal to 0",
        ),
        (
            "recipe.optimizer.name",
            "adm",
            f"recipe.optimizer.name: {one_of_the(OPTIMIZERS)}, not 'adm' (str); did you mean adam",
        ),
        (
            "recipe.optimizer",
            {"name": "sgd", "learning_rate": 1, "weight_decay": 0, "momentum": 1},
            "recipe.optimizer.momentum: must be less than 1, not 1 (int)",
        ),
        (
            "recipe.optimizer",
            {"name": "sgd", "learning_rate": 1, "weight_decay": 0, "momentun": 0.9},
            "recipe.optimizer.momentun: unknown key; did you mean recipe.optimizer.momentum?",
        ),
        (
            "recipe.loss",
            {"name": "huber", "delta": 0},
            "recipe.loss.delta: must be greater than 0, not 0 (int)",
        ),
        (
            "recipe.loss",
            "hubr",
            f"recipe.loss.name: {one_of_the(LOSSES)}, not 'hubr' (str); did you",
        ),
        (
            "recipe.network.family",
            "gru",
            f"recipe.network.family: {one_of_the(NETWORKS)}, not 'gru' (str)",
        ),
        ("recipe.batch_size", 0, "recipe.batch_size: must be greater than or equal to 1"),
        (
            "recipe.loss",
            "mae",
            "recipe.loss: mae does not fit data.kind images, whose task is classification; ",
        ),
        ("search.objective", "test_loss", "search.objective: must be 'validation_loss' or 'train"),
        ("search.trials", 0, "search.trials: must be greater than or equal to 1, not 0 (int)"),
        ("search.trials", -5, "search.trials: must be greater than or equal to 1, not -5 (int)"),
        ("search.replicates", 0, "search.replicates: must be greater than or equal to 1"),
        ("search.sampler", "grid", "search.sampler: must be 'tpe' or 'random', not 'grid' (str)"),
        ("search.startup_trials", 0, "search.startup_trials: must be greater than or equal to 1"),
        ("search.pruner", "best", "search.pruner: must be 'median' or 'none', not 'best' (str)"),
        ("search.space.learning_rate.low", 0.0, "search.space.learning_rate: 0.0 cannot be: Input"),
        (
            "search.space.learning_rate.low",
            1,
            "search.space.learning_rate: low 1.0 must not be above high 0.1",
        ),
        (
            "search.space.learning_rate.low",
            0.09999999999999999,
            "search.space.learning_rate: low 0.09999999999999999 and high 0.1 are all but equal; "
            "high must be low, to search no other value, or at least 1.0001 times low",
        ),
        ("search.space.width.low", 0, "search.space.width.low: must be greater than or equal to 1"),
        ("search.space.width.low", 7, "search.space.width: low 7 must not be above high 6"),
        (
            "search.space.width.high",
            2.5,
            "search.space.width: 2.0 cannot be: Input should be a valid",
        ),
        ("search.space", {}, "search.space: must name a setting of the recipe, learning_rate say"),
        ("search.space.widht", [3], "search.space.widht: unknown key; did you mean search.space.w"),
        (
            "search.space.activation",
            ["relu", "relu"],
            "search.space.activation: ['relu', 'relu'] m",
        ),
        ("search.space.activation", ["rel"], "search.space.activation: rel cannot be: Input"),
        ("search.space.batch_size", [], "search.space.batch_size: must have at least one value"),
        ("search.space.batch_size", [8, 4], "search.space.batch_size: [8, 4] must be in ascending"),
        ("search.space.batch_size", [8, 8], "search.space.batch_size: [8, 8] must be in ascending"),
        ("search.space.batch_size", [0], "search.space.batch_size: 0 cannot be: Input should be"),
        ("recipe.epochs", 0, "recipe.epochs: must be greater than or equal to 1"),
        ("training.device", "gpu", "training.device: must be 'cpu', 'cuda' or 'auto', not 'gpu'"),
        ("threshold.margin", -0.01, "threshold.margin: must be greater than or equal to 0"),
        ("threshold.margin", 1, "threshold.margin: must be less than 1"),
        ("threshold.alpha", 0, "threshold.alpha: must be greater than or equal to 0.000000001"),
        ("threshold.alpha", 1, "threshold.alpha: must be less than 1"),
        ("replicates", [3, 2], "replicates: [3, 2] must be in ascending order, each once"),
        ("replicates", [], "replicates: [] must be in ascending order"),
        ("replicates", [0, 3], "replicates: must be a whole number from 1 to 10**12, or a plan"),
        ("replicates", 2.0, "replicates: must be a whole number from 1 to 10**12, or a plan"),
        ("replicates", True, "replicates: must be a whole number from 1 to 10**12, or a plan"),
        ("threshold.diverged_share", 1, "threshold.diverged_share: must be less than 1"),
        ("threshold.falling_over", 0, "threshold.falling_over: must be greater than 0"),
        ("threshold.memorised", -1, "threshold.memorised: must be greater than or equal to 0"),
        ("threshold.resamples", 999, "threshold.resamples: must be greater than or equal to 1000"),
        ("threshold.stability_resamples", 99, "threshold.stability_resamples: must be greater"),
        ("threshold.block", 0, "threshold.block: must be greater than or equal to 1"),
        ("tracking.curve_points", 1, "tracking.curve_points: must be greater than or equal to 2"),
        ("tracking.live_after", 0, "tracking.live_after: must be greater than 0"),
    ],
)
def test_value_out_of_range(key, value, what):
    assert message_of(set_(good("images"), key, value)).startswith(what)


@pytest.mark.parametrize("loss", ["mae", "mse"])
def test_numbers_need_a_loss_for_numbers(loss):
    parse_settings(set_(good("series"), "recipe.loss", loss), "params.yaml")
    message = message_of(set_(good("series"), "recipe.loss", "cross_entropy"))
    assert message == (
        "recipe.loss: cross_entropy does not fit data.kind series, whose task is regression; "
        f"use {FOR_NUMBERS}"
    )


def test_all_points_are_searched_where_there_is_a_recipe_tuned():
    content = set_(good("images"), "search.replicates", 4)
    assert parse_settings(content, "params.yaml").searched_recipes == []
    content["recipes"] = ["fixed", "tuned"]
    assert message_of(content) == (
        "search.replicates: 4 must be at most 3, the share of each of 1 studies in 3 replicates"
    )
    settings = parse_settings(set_(content, "search.replicates", 3), "params.yaml")
    assert settings.searched_recipes == ["tuned"]


def test_a_loss_is_its_name_or_a_mapping():
    short = parse_settings(set_(good("series"), "recipe.loss", "huber"), "params.yaml")
    assert short.recipe.loss.model_dump() == {"name": "huber", "delta": 1.0}
    content = set_(good("series"), "recipe.loss", {"name": "huber", "delta": 0.5})
    assert parse_settings(content, "params.yaml").recipe.loss.delta == 0.5


def test_a_linear_model_has_no_width_to_sweep():
    content = set_(set_(good("images"), "axis", "width"), "points", [1, 2])
    parse_settings(content, "params.yaml")
    message = message_of(set_(content, "recipe.network.depth", 0))
    assert message == "axis: width changes nothing with this recipe.network"


def test_a_linear_model_has_no_width_to_search():
    settings = parse_settings(good("images"), "params.yaml")
    assert settings.searched("tuned", 0) == ("learning_rate", "batch_size")
    assert settings.searched("tuned", 1) == ("learning_rate", "batch_size", "width")


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("images", {"input_noise": 0.5}, "data.input_noise: 0.5 is noise for the task structured"),
        (
            "images",
            {"task": "structured", "label_noise": 0.5},
            "data.label_noise: 0.5 is noise for the task classification",
        ),
        ("series", {"inputs": ["a", "a"]}, "data.inputs: ['a', 'a'] must name each column once"),
    ],
)
def test_data_settings_that_do_not_fit_each_other(kind, change, message):
    content = good(kind)
    content["data"] |= change
    if content["data"].get("task") == "structured":
        content["recipe"]["loss"] = "mse"
    assert message_of(content).startswith(message)


@pytest.mark.parametrize(
    ("kind", "key", "value", "task"),
    [
        ("series", "steps", 1, "regression"),
        ("series", "steps", 2, "structured"),
        ("images", "task", "structured", "structured"),
        ("table", "task", "regression", "regression"),
    ],
)
def test_every_task_but_classification_needs_a_loss_for_numbers(kind, key, value, task):
    content = set_(good(kind), f"data.{key}", value)
    content["recipe"]["loss"] = "mse"
    assert parse_settings(content, "params.yaml").data.task == task
    message = message_of(set_(content, "recipe.loss", "cross_entropy"))
    assert message.endswith(f"whose task is {task}; use {FOR_NUMBERS}")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("data.separator", "\n", "data.separator: '\\n' cannot be told from quotes"),
        ("data.separator", '"', "data.separator: '\"' cannot be told from quotes"),
        ("data.separator", ".", "data.separator: '.' cannot be told from quotes"),
        ("data.separator", ", ", "data.separator: "),
        ("data.encoding", "utf8000", "data.encoding: 'utf8000' is unknown; use utf-8, cp1252"),
        ("data.encoding", "hex", "data.encoding: 'hex' is unknown"),
        ("data.numbers", ["area", "area"], "data.numbers, data.categories: 'area' is named twice"),
        ("data.numbers", ["town"], "data.numbers, data.categories: 'town' is named twice"),
        ("data.target", "area", "data.target: 'area' is also among the inputs"),
        ("data.reference", "age", "data.reference: 'age' is also among the inputs"),
        ("data.split.by", "time", "data.split.column: must be a column where split.by is time"),
        ("data.split.column", "age", "data.split.column: must be null where split.by is rows"),
        ("data.split.by", "stratified", "data.split.by: stratified needs classes; use rows"),
        ("data.task", "classification", "recipe.loss: mse does not fit data.kind table"),
    ],
)
def test_a_table_must_be_consistent(key, value, message):
    assert message_of(set_(good("table"), key, value)).startswith(message)


def test_a_table_without_inputs():
    content = set_(set_(good("table"), "data.numbers", []), "data.categories", [])
    assert message_of(content).startswith("data.numbers: name an input column")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"recipes": ["grouped"]}, "recipes: grouped stands beside fixed"),
        ({"by": "group"}, "recipes: grouped needs data.split.by rows or stratified"),
    ],
)
def test_a_grouped_recipe_that_makes_no_sense(changes, said):
    content = good("images")
    content["data"] |= {"group": "writer"}
    content["data"]["split"]["by"] = changes.get("by", "rows")
    content["recipes"] = changes.get("recipes", ["fixed", "grouped"])
    assert message_of(content).startswith(said)


def test_a_metric_of_two_classes_needs_as_many():
    settings = parse_settings(good("images") | {"metrics": ["accuracy", "auc"]}, "params.yaml")
    settings.require_metrics(2)
    with pytest.raises(InputError, match="metrics: auc is of 2 classes; the data have 3"):
        settings.require_metrics(3)


@pytest.mark.parametrize(
    ("network", "space", "said"),
    [
        (
            {"family": "cnn", "kernel": 3, "dropout": 0.0},
            {"kernel": {"low": 3, "high": 7}},
            "search.space.kernel: 4 cannot be: must be odd",
        ),
        (
            {"family": "transformer", "width": 16, "heads": 4, "dropout": 0.0},
            {"width": {"low": 16, "high": 64}},
            "search.space.width: 17 cannot be: recipe.network.width: 17 must be a multiple of",
        ),
        (
            {"family": "transformer", "width": 16, "heads": 4, "dropout": 0.0},
            {"width": [16, 32], "heads": [4, 32]},
            "search.space.heads: 32 cannot be",
        ),
        (
            {"family": "transformer", "width": 32, "heads": 4, "dropout": 0.0},
            {"width": [8, 32], "heads": [4, 32]},
            "search.space: width and heads: 8 and 32 cannot be",
        ),
    ],
)
def test_what_may_be_drawn_between_the_ends_is_judged_too(network, space, said):
    content = good("images")
    content["recipe"]["network"] = {"depth": 1, "width": 4, **network}
    content["search"]["space"] = space
    with pytest.raises(InputError, match=re.escape(said)):
        parse_settings(content, "params.yaml")


@pytest.mark.parametrize("class_path", ["/tmp/net.py:Net", "../net.py:Net", "a/../../net.py:Net"])
def test_a_network_of_ones_own_lies_in_the_folder(class_path):
    content = good("images")
    content["recipe"]["network"] = {"class_path": class_path}
    with pytest.raises(InputError, match=r"must be a file in the folder of params\.yaml or below"):
        parse_settings(content, "params.yaml")


@pytest.mark.parametrize(("kind", "right"), [("images", 2), ("table", 1), ("series", 1)])
def test_a_convolution_goes_where_neighbours_lie(kind, right):
    wrong = 3 - right
    content = good(kind)
    network = {"family": "cnn", "depth": 1, "width": 2, "kernel": 3, "dropout": 0.0}
    content["recipe"]["network"] = {**network, "dimensions": wrong}
    said = message_of(content)
    assert said.startswith(f"recipe.network.dimensions: {wrong} is for ")
    assert said.endswith(f"use {right}")
    # Nor can a search come to it.
    content["recipe"]["network"]["dimensions"] = right
    content["search"]["space"] = {"dimensions": [1, 2]}
    assert message_of(content).startswith(f"search.space.dimensions: {wrong} is for ")
