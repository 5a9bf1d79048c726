import pytest

from depthgauge.artifacts.dataset import PREPARED, read_dataset, read_meta
from depthgauge.search.plan import make_plan
from tests.experiment import new_experiment


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Prepared data and the settings of an experiment of each kind, `tuned` switched on."""
    made = {}
    for kind in ("images", "series"):
        experiment = new_experiment(tmp_path_factory.mktemp("search") / kind, kind).tune()
        experiment.repro("prepare")
        dataset = read_dataset(experiment.folder / PREPARED)[0]
        made[kind] = (dataset, experiment.settings, read_meta(experiment.folder / PREPARED))
    return made


@pytest.fixture
def plan(small):
    """The plan of depth 1 of an experiment of a kind."""

    def make(kind="images", point=1, study=0):
        _, settings, meta = small[kind]
        return make_plan(settings, "tuned", point, study, meta)

    return make
