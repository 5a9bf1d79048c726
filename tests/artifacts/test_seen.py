"""What recipes see of the prepared data."""

import numpy as np
import pytest

from depthgauge.artifacts.raw import prepare_data
from depthgauge.artifacts.seen import at_settings, with_splits
from depthgauge.errors import InputError
from tests.experiment import add_writers, new_experiment


def test_the_grouped_recipe_alone_sees_other_splits(tmp_path):
    experiment = add_writers(new_experiment(tmp_path, "images"), 12)
    settings = experiment.settings
    dataset = prepare_data(experiment.folder, settings).dataset
    assert with_splits(dataset, settings, "fixed") is dataset
    assert with_splits(dataset, settings, "tuned") is dataset
    grouped = with_splits(dataset, settings, "grouped")
    assert not set(dataset.groups[grouped.splits.train[0]]) & set(
        dataset.groups[grouped.splits.test[0]]
    )
    np.testing.assert_array_equal(grouped.inputs, dataset.inputs)


def test_groups_that_run_out_name_the_key(tmp_path):
    experiment = add_writers(new_experiment(tmp_path, "images"), 2)
    dataset = prepare_data(experiment.folder, experiment.settings).dataset
    with pytest.raises(InputError, match=r"^params\.yaml: recipes: grouped: the 2 groups leave no"):
        with_splits(dataset, experiment.settings, "grouped")


def test_a_point_that_the_data_do_not_have_names_the_key(tmp_path):
    experiment = new_experiment(tmp_path, "images")
    settings = experiment.settings.model_copy(update={"axis": "training_size"})
    dataset = prepare_data(experiment.folder, settings).dataset
    with pytest.raises(InputError, match=r"^params\.yaml: points: training_size 31 must be"):
        at_settings(dataset, settings, 31)
