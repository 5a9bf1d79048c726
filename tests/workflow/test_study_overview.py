"""What a study has found, in lines: beside what Optuna itself says of it."""

import io

import optuna
import pytest
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.trial import TrialState

from depthgauge.search.attributes import DIVERGED, WHY_FAILED
from depthgauge.workflow.study_overview import (
    chart,
    history_line,
    newest,
    overview,
    show,
    studies_of,
)


def searched(direction, trials=20, storage=None):
    sampler = optuna.samplers.RandomSampler(0)
    study = optuna.create_study(
        storage=storage, study_name=f"my {direction}", direction=direction, sampler=sampler
    )
    for number in range(trials):
        trial = study.ask()
        x, word = trial.suggest_float("x", -1, 1), trial.suggest_categorical("word", ["a", "b"])
        if number % 5 == 1:
            trial.report(9.0, 1)
            study.tell(trial, state=TrialState.PRUNED)
        elif number == 2:
            trial.set_user_attr(WHY_FAILED, DIVERGED)
            study.tell(trial, state=TrialState.FAIL)
        elif number == 3:
            study.tell(trial, state=TrialState.FAIL)
        else:
            study.tell(trial, x * x + (word == "a") / 10)
    return study


def text_of(*found, encoding="utf-8"):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    show(found, stream)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_of_any_study_of_optunas(direction):
    study = searched(direction)
    found = overview(study)
    assert found.counts == {"complete": 14, "pruned": 4, "diverged": 1, "failed": 1}
    assert found.best[0].number == study.best_trial.number
    values = [trial.value for trial in study.trials if trial.state is TrialState.COMPLETE]
    ranked = sorted(values, reverse=direction == "maximize")
    assert [trial.value for trial in found.best] == ranked[:5]
    assert found.history[0] == study.trials[0].value
    assert found.history[-1] == study.best_value
    # Not those that were interrupted.
    assert len(found.history) == 19
    evaluator = PedAnovaImportanceEvaluator()
    assert found.importances == get_param_importances(study, evaluator=evaluator)


def test_what_is_printed():
    text = text_of(overview(searched("minimize")), overview(searched("maximize")))
    lines = text.splitlines()
    assert lines[0] == "my minimize: 14 complete, 4 pruned, 1 diverged, 1 failed"
    assert lines[1].startswith("  best: trial ")
    assert lines[2].split() == ["trial", "value", "x", "word"]
    assert lines[8].startswith("  best so far: ")
    assert lines[8][-1] == "▁"
    assert lines[9].endswith(" (PED-ANOVA, from 14 complete trials)")
    assert lines[10:12] == ["", "my maximize: 14 complete, 4 pruned, 1 diverged, 1 failed"]
    assert not [line for line in lines if line != line.rstrip()]
    assert "▁" not in text_of(overview(searched("minimize")), encoding="ascii")


def test_of_studies_that_tell_little():
    empty = optuna.create_study(study_name="empty")
    two = optuna.create_study(study_name="two", directions=["minimize", "maximize"])
    two.tell(two.ask(), [1.0, 2.0])
    free = optuna.create_study(study_name="free")
    for name in "abcdef":
        trial = free.ask()
        free.tell(trial, trial.suggest_float(name, 0, 1))
    wild = optuna.create_study(study_name="wild")
    for value in (1.0, float("inf"), 2.0, 3.0, 0.5, 4.0):
        trial = wild.ask()
        x, y = trial.suggest_float("x", 0, 1), trial.suggest_int("y", 0, 9)
        wild.tell(trial, value + 0 * x * y)
    text = text_of(overview(empty), overview(two), overview(free), overview(wild))
    assert "wild: 6 complete\n  best: trial 4, value 0.5 with " in text
    assert "empty: no trial yet\n  value: no best trial\n" in text
    assert "two: 1 complete\n  several objectives: no best trial\n" in text
    assert "  importances: 6 complete trials tell none\n" in text


def test_history():
    assert history_line([None, 0.5, 0.5, 0.25, 0.25, 0.125]) == (
        "- after 1, 0.5 after 2, 0.25 after 4, 0.125 after 6"
    )
    assert history_line([0.5]) == "0.5 after 1"
    assert chart([None, 8.0, 1.0, 1.0]) == " █▁▁"
    assert chart([2.0, 2.0]) == "▁▁"
    assert chart([None]) == ""
    falling = chart([float(1000 - k) for k in range(1000)])
    assert len(falling) == 59
    assert falling == "".join(sorted(falling, reverse=True))
    assert set(falling) == set("▁▂▃▄▅▆▇█")


def test_of_an_experiment_or_of_all():
    storage = optuna.storages.InMemoryStorage()
    searched("minimize", 1, storage).set_user_attr("plan", {"of": "somebody"})
    plans = {"recipe": "tuned", "axis": "depth", "study": 0}
    for point in (10, 2):
        study = optuna.create_study(storage=storage, study_name=f"mine depth {point} study 0 ab")
        study.set_user_attr("plan", plans | {"point": point})
    names = [study.study_name for study in studies_of(storage, "mine")]
    assert names == ["mine depth 2 study 0 ab", "mine depth 10 study 0 ab"]
    assert studies_of(storage, "min") == []
    names += ["my minimize"]
    assert [study.study_name for study in studies_of(storage, None)] == names
    # Begun anew, with other settings or other code.
    again = optuna.create_study(storage=storage, study_name="mine depth 2 study 0 cd")
    again.set_user_attr("plan", plans | {"point": 2})
    found = [study.study_name for study in newest(studies_of(storage, None))]
    assert found == ["mine depth 2 study 0 cd", *names[1:]]
