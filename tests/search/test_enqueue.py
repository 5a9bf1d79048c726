"""Trials of one's own: what may be enqueued, and what waits in a study."""

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

from depthgauge.errors import InputError
from depthgauge.search.attributes import DIVERGED, ENQUEUED, INTERRUPTED, NOT_IN_SPACE, WHY_FAILED
from depthgauge.search.enqueue import end_unfit, enqueue, find, read_values, waiting, what_became

SPACE = {
    "learning_rate": FloatDistribution(0.001, 0.1, log=True),
    "batch_size": CategoricalDistribution([16, 32]),
    "width": IntDistribution(2, 64, log=True),
    "activation": CategoricalDistribution(["relu", "tanh"]),
    "nesterov": CategoricalDistribution([False, True]),
}


@pytest.fixture
def study():
    return optuna.create_study(sampler=optuna.samplers.RandomSampler(0))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("learning_rate=1e-2", 0.01),
        ("learning_rate=0.1", 0.1),
        ("batch_size=32", 32),
        ("batch_size=32.0", 32),
        ("width=2", 2),
        ("width=6e1", 60),
        ("activation=tanh", "tanh"),
        ("nesterov=true", True),
        ("nesterov=False", False),
    ],
)
def test_values_as_they_are_typed(text, value):
    name = text.partition("=")[0]
    found = read_values([text], SPACE)
    assert found == {name: value}
    assert type(found[name]) is type(value)


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["learning_rte=0.01"], "'learning_rte': is not searched for; did you mean learning_rate?"),
        (["zzz=1"], f"'zzz': is not searched for; known here: {', '.join(SPACE)}"),
        (["width"], "'width': must be NAME=VALUE"),
        (["width=4", "width=5"], "width: stands twice in one trial"),
        (["learning_rate=1"], "learning_rate=1: must be a number from 0.001 to 0.1"),
        (["learning_rate=fast"], "learning_rate=fast: must be a number from 0.001 to 0.1"),
        (["learning_rate=nan"], "learning_rate=nan: must be a number from 0.001 to 0.1"),
        (["learning_rate="], "learning_rate=: must be a number from 0.001 to 0.1"),
        (["width=2.5"], "width=2.5: must be a whole number from 2 to 64"),
        (["width=inf"], "width=inf: must be a whole number from 2 to 64"),
        (["width=65"], "width=65: must be a whole number from 2 to 64"),
        (["batch_size=33"], "batch_size=33: must be one of 16, 32"),
        (["activation=gelu"], "activation=gelu: must be one of relu, tanh"),
        (["nesterov=1"], "nesterov=1: must be one of False, True"),
        (["width=\x1b[2J"], "width=\\x1b[2J: must be a whole number from 2 to 64"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(texts, told):
    with pytest.raises(InputError) as error:
        read_values(texts, SPACE)
    assert str(error.value) == f"--enqueue {told}"


def test_what_waits_is_tried_and_the_rest_is_drawn(study):
    own = [{"width": 7}, {"learning_rate": 0.02, "batch_size": 16}]
    enqueue(study, own)
    for values in own:
        trial = study.ask(SPACE)
        assert values.items() <= trial.params.items()
        assert set(trial.params) == set(SPACE)
        assert trial.user_attrs == {ENQUEUED: values}
    assert waiting(study) == []


def test_nothing_is_enqueued_twice_but_what_was_lost(study):
    values = {"width": 7}
    for _ in range(2):
        enqueue(study, [values, values])
        assert len(waiting(study)) == 1
    assert what_became(study, values) == "width 7 still waits"
    trial = study.ask(SPACE)
    enqueue(study, [values])
    assert waiting(study) == []
    assert "with width 7 is being run by another search" in what_became(study, values)
    trial.set_user_attr(WHY_FAILED, INTERRUPTED)
    study.tell(trial, state=TrialState.FAIL)
    enqueue(study, [values])
    assert len(waiting(study)) == 1
    study.tell(study.ask(SPACE), 0.25)
    enqueue(study, [values])
    assert waiting(study) == []
    assert what_became(study, values).endswith(": 0.25")
    # One that was drawn and has all these values.
    whole = study.trials[1].params
    assert find(study, whole).number == 1
    enqueue(study, [whole])
    assert waiting(study) == []


def test_what_diverged_is_not_tried_again(study):
    enqueue(study, [{"width": 7}])
    trial = study.ask(SPACE)
    trial.set_user_attr(WHY_FAILED, DIVERGED)
    study.tell(trial, state=TrialState.FAIL)
    enqueue(study, [{"width": 7}])
    assert waiting(study) == []
    assert what_became(study, {"width": 7}).endswith(" diverged")


@pytest.mark.parametrize(
    "values", [{"learning_rate": 5.0}, {"width": "wide"}, {"batch_size": 33, "width": 4}]
)
def test_what_plain_optuna_enqueued_outside_of_the_space_is_not_tried(study, values, capsys):
    study.enqueue_trial({"width": 3})
    study.enqueue_trial(values)
    end_unfit(study, SPACE)
    assert [trial.state for trial in study.trials] == [TrialState.WAITING, TrialState.FAIL]
    assert study.trials[1].user_attrs[WHY_FAILED] == NOT_IN_SPACE
    assert ": not tried" in capsys.readouterr().err
    assert study.ask(SPACE).params["width"] == 3
