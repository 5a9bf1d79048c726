import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from depthgauge.artifacts.metrics import METRICS, as_written, read_metrics, write_metrics
from depthgauge.errors import InputError
from tests.refusal import read_or_refuse

STOPPINGS = ("last", "validation")
POINTS = (0, 2.5)


class Settings:
    """What is asked of the settings."""

    recipes, points, trained, metrics = ["fixed"], list(POINTS), 3, ()


def metrics(values):
    """values: (2 points, 2 stoppings, 2 metrics, 3 replicates)."""
    return {
        ("fixed", point): {
            stopping: dict(zip(("test_r2", "test_rmse"), values[p, s], strict=True))
            for s, stopping in enumerate(STOPPINGS)
        }
        for p, point in enumerate(POINTS)
    }


numbers = arrays(np.float64, (2, 2, 2, 3), elements=st.floats(width=64, allow_infinity=False))


@given(numbers)
def test_what_was_written_comes_back(tmp_path_factory, values):
    folder = tmp_path_factory.mktemp("metrics")
    written = {at: as_written(of) for at, of in metrics(values).items()}
    write_metrics(folder, written)
    found = read_metrics(folder, Settings)
    assert found.keys() == written.keys()
    for at, stoppings in written.items():
        for stopping, named in stoppings.items():
            assert list(found[at][stopping]) == list(named)
            for name, own in named.items():
                np.testing.assert_array_equal(found[at][stopping][name], own)


@pytest.mark.parametrize(
    ("name", "value"), [("recipes", ["tuned"]), ("points", [0, 3.5]), ("trained", 4)]
)
def test_of_other_settings(tmp_path, name, value):
    write_metrics(tmp_path, metrics(np.ones((2, 2, 2, 3))))
    other = type("Other", (Settings,), {name: value})
    with pytest.raises(InputError, match=r"is of other points or replicates; run `dvc repro`$"):
        read_metrics(tmp_path, other)


def test_a_metric_that_is_not_there(tmp_path):
    write_metrics(tmp_path, metrics(np.ones((2, 2, 2, 3))))
    other = type("Other", (Settings,), {"metrics": ["r2"]})
    with pytest.raises(InputError, match=r"column train_r2 is missing; run `dvc repro`$"):
        read_metrics(tmp_path, other)


@given(st.data())
def test_damage_is_told_in_one_line(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("metrics")
    write_metrics(folder, metrics(np.arange(24.0).reshape(2, 2, 2, 3)))
    content = bytearray((folder / METRICS).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    match data.draw(st.sampled_from(["byte", "cut", "insert"])):
        case "byte":
            content[place] = data.draw(st.integers(0, 255))
        case "cut":
            del content[place:]
        case _:
            content[place:place] = data.draw(st.binary(min_size=1, max_size=9))
    (folder / METRICS).write_bytes(content)
    found, said = read_or_refuse(lambda: read_metrics(folder, Settings))
    if found is None:
        assert said.isprintable()
        assert said.startswith(f"{folder / METRICS}: ")
    else:
        assert {at: list(of) for at, of in found.items()} == {
            ("fixed", point): list(STOPPINGS) for point in POINTS
        }
