"""The n-th operation of a stage goes wrong; the stage is run again; nothing is lost.

For n = 1, 2, ... until a run ends without coming so far: the n-th file, database or network
operation is killed, interrupted or refused. A signal must be told in one line and a refusal in one
line that names what cannot be done; every output must be the old one or the new one, whole; and the
same command again must come to the bytes, runs and trials of an undisturbed one.

One n of two kinds of faults a stage by default; as many of each kind as
DEPTHGAUGE_FAULTS says, or all of them, by `make faults`.
"""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.experiment import Experiment, command, new_experiment
from tests.faults.inject import SIGNALS, Fault
from tests.faults.kept import outputs, put_aside, state
from tests.faults.server import Done, Stages
from tests.hostile.counts import count
from tests.tracking.servers import MlflowServer

# One process makes the states that they all begin from.
pytestmark = pytest.mark.xdist_group("faults")
ASKED = os.environ.get("DEPTHGAUGE_FAULTS", "")
ACTIONS = {
    "file": ("kill", "SIGINT", "SIGTERM", "full", "read-only", "denied"),
    "database": ("kill", "SIGINT", "SIGTERM", "full", "read-only", "lost"),
    "network": ("kill", "SIGINT", "SIGTERM", "lost"),
}
# In their order; those without a number are run undisturbed unless more is asked for.
STAGES = {
    "code": 0,
    "prepare": 1,
    "baselines": 0,
    "recipe": 0,
    "search": 1,
    "train": 1,
    "look": 0,
    "evaluate": 1,
    "report": 0,
    "track": 1,
}
NOTHING = Fault("file", 0, "kill")


@dataclass
class Case:
    """A stage, the folder it begins from and what an undisturbed run makes of it."""

    name: str
    arguments: list[str]
    before: Path
    counts: dict[str, int]
    expected: dict[str, Any]
    was: dict[str, str]


class Workshop:
    """One folder, always the same, in which every run takes place."""

    def __init__(self, stages: Stages, experiment: Experiment, aside: Path) -> None:
        self.stages, self.experiment, self.aside = stages, experiment, aside
        self.folder, self.known = experiment.folder, dict[str, Case | None]()

    def case(self, name: str) -> Case:
        """Of a stage; those before it have run."""
        for each in STAGES:
            if each not in self.known:
                self._pass_last()
                self.known[each] = self._make(each) if is_asked(each) else None
                if not is_asked(each):
                    self._run(each)
            if each == name:
                break
        found = self.known[name]
        assert found is not None
        return found

    def _pass_last(self) -> None:
        """To where the last stage of which a case was made has run whole, all its points."""
        last = next(reversed(self.known.values()), None)
        if last is not None:
            self.restore(last)
            self._run(last.name)

    def _run(self, name: str) -> None:
        for arguments in self._all(name):
            # A page takes as long as all the others.
            if name != "report" or is_asked(name):
                self.run(arguments)

    def _make(self, name: str) -> Case:
        before = self.aside / name
        shutil.copytree(self.folder, before)
        arguments = self._all(name)[0]
        counts, was = {}, outputs(before)
        for kind in ("file", "database"):
            shutil.rmtree(self.folder)
            shutil.copytree(before, self.folder)
            counts[kind] = self.run(arguments, Fault(kind, 0, "kill")).count
        return Case(name, arguments, before, counts, state(self.folder), was)

    def _all(self, name: str) -> list[list[str]]:
        points = self.experiment.content["points"] if name in ("recipe", "search", "train") else [0]
        found = [command(name, point) for point in points]
        if name == "train":
            found += [[*each[:-1], "tuned"] for each in found]
        return found

    def restore(self, case: Case) -> None:
        shutil.rmtree(self.folder)
        shutil.copytree(case.before, self.folder)

    def run(self, arguments: list[str], fault: Fault = NOTHING) -> Done:
        done = self.stages.run(self.folder, arguments, fault, MLFLOW_TRACKING_URI="")
        if not fault.number:
            assert done.code == 0, done.output
        return done


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    aside = tmp_path_factory.mktemp("faults")
    experiment = new_experiment(aside / "work", "images").set("points", [0, 1])
    experiment.tune(trials=2)
    stages = Stages()
    yield Workshop(stages, experiment, aside)
    stages.close()


def is_asked(stage: str) -> bool:
    return bool(ASKED or STAGES[stage])


def numbers(most: int, few: int, begin: int) -> list[int]:
    """All from 1 to `most`, or a few spread evenly, others for another `begin`."""
    if ASKED == "all":
        return [*range(1, most + 1)]
    few = min(most, int(ASKED) if ASKED else few)
    return sorted({1 + (k * most // few + begin * 7919) % most for k in range(few)}) if few else []


def actions(stage: str, kind: str) -> list[tuple[int, str]]:
    """All, or two that are others for the next stage."""
    found = [*enumerate(ACTIONS[kind])]
    return found if ASKED else found[len(stage) % 3 :: 3]


def told_well(done: Done, action: str) -> bool:
    """In one line, with the exit code that it has."""
    if action == "kill":
        return done.code == -signal.SIGKILL
    if any(word in done.output for word in ("Traceback", "Exception ignored", "Warning")):
        return False
    lines = [line for line in done.output.splitlines() if line.startswith("depthgauge: ")]
    if action in SIGNALS:
        return done.code == 128 + SIGNALS[action] and len(lines) == 1
    # What is not needed may be refused: then nothing is said, and all is there.
    return (done.code, len(lines)) in ((2, 1), (0, 0))


@pytest.mark.parametrize("kind", ["file", "database"])
@pytest.mark.parametrize("stage", STAGES)
def test_nothing_is_lost(workshop: Workshop, stage: str, kind: str) -> None:
    if not is_asked(stage) or (kind == "database" and stage != "track"):
        pytest.skip("no such operations, or too few: see STAGES")
    case, wrong = workshop.case(stage), list[str]()
    counted: Counter[str] = Counter()
    for place, action in actions(stage, kind):
        for number in numbers(case.counts[kind], STAGES[stage], place):
            workshop.restore(case)
            done = workshop.run(case.arguments, Fault(kind, number, action))
            if not done.reached:
                continue
            counted["injected"] += 1
            where = f"{stage}: {action} at {kind} operation {number}, {done.reached}"
            wrong += badly_told(done, action, where, counted)
            halves = half_written(case, outputs(workshop.folder))
            if halves:
                wrong.append(f"{where}: neither the old nor the new: {halves}")
            lost = resumed(workshop, case)
            counted["lost" if lost or halves else "equal"] += 1
            wrong += [f"{where}: {each}" for each in lost]
    count(f"faults: {stage}, {kind}", **{name.replace(" ", "_"): n for name, n in counted.items()})
    assert counted["injected"]
    assert not wrong, "\n".join([f"{len(wrong)} wrong", *wrong[:20]])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of an MLflow server of its own."""
    found = MlflowServer(tmp_path, tmp_path / "server.db")
    found.start()
    yield found.uri
    found.kill()


@pytest.mark.slow
def test_a_connection_that_is_lost_loses_nothing(workshop: Workshop, server: str) -> None:
    """Of a server, which keeps what each run sent it: every one has an experiment of its own."""
    case, wrong, place = workshop.case("track"), list[str](), {"MLFLOW_TRACKING_URI": server}
    workshop.restore(case)
    undisturbed = Fault("network", 0, "kill")
    most = workshop.stages.run(workshop.folder, case.arguments, undisturbed, **place).count
    expected, counted = put_aside(server, "undisturbed"), Counter[str]()
    assert expected
    for begin, action in enumerate(ACTIONS["network"]):
        for number in numbers(most, 1, begin):
            workshop.restore(case)
            fault = Fault("network", number, action)
            done = workshop.stages.run(workshop.folder, case.arguments, fault, **place)
            if not done.reached:
                continue
            counted["injected"] += 1
            where = f"track: {action} at network operation {number}, {done.reached}"
            # What is sent again at once goes on without a word.
            wrong += badly_told(done, action, where, counted)
            done = workshop.stages.run(workshop.folder, case.arguments, NOTHING, **place)
            found = put_aside(server, f"{action} {number}")
            counted["equal" if found == expected and not done.code else "lost"] += 1
            if found != expected or done.code:
                wrong.append(f"{where}: {differences(found, expected)}; {done.output[-2000:]}")
    count("faults: track, network", **{name.replace(" ", "_"): n for name, n in counted.items()})
    assert counted["injected"]
    assert not wrong, "\n".join([f"{len(wrong)} wrong", *wrong[:20]])


def badly_told(done: Done, action: str, where: str, counted: Counter[str]) -> list[str]:
    """What is wrong with how a fault was told, which is counted; nothing where it was told well."""
    if told_well(done, action):
        return []
    counted["tracebacks" if "Traceback" in done.output else "told badly"] += 1
    return [f"{where}: exit code {done.code}: {done.output[-2000:]}"]


def half_written(case: Case, now: dict[str, str]) -> list[str]:
    whole = case.expected["outputs"]
    return [
        name
        for name, digest in now.items()
        if ".partial" not in name and digest not in (case.was.get(name), whole.get(name))
    ]


def resumed(workshop: Workshop, case: Case) -> list[str]:
    """What differs from an undisturbed run after the same command again."""
    done = workshop.stages.run(workshop.folder, case.arguments, NOTHING, MLFLOW_TRACKING_URI="")
    if done.code:
        return [f"cannot go on: {done.output[-2000:]}"]
    now = state(workshop.folder)
    return [
        f"{part}: {differences(now[part], case.expected[part])}"
        for part in now
        if now[part] != case.expected[part]
    ]


def differences(now: Any, expected: Any) -> str:
    if isinstance(now, dict):
        return str(sorted(k for k in {*now, *expected} if now.get(k) != expected.get(k)))
    if isinstance(now, list):
        more = [str(each)[:600] for each in now if each not in expected]
        less = [str(each)[:600] for each in expected if each not in now]
        return f"{len(now)}, not {len(expected)}; more: {more[:2]}; less: {less[:2]}"
    return f"{now}, not {expected}"
