"""A small experiment of each kind, run through the command line in this process."""

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from depthgauge.axes.axis import Point
from depthgauge.cli import main
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from tests.rules import RULES

STAGES = ("prepare", "baselines", "recipe", "train", "look", "evaluate", "report")

COMMON: dict[str, Any] = {
    "experiment": "small",
    "seed": 0,
    "replicates": 3,
    "axis": "depth",
    "points": [0, 1, 2],
    "recipes": ["fixed"],
    "metrics": [],
    "recipe": {
        "network": {
            "family": "mlp",
            "depth": 1,
            "width": 4,
            "activation": "relu",
            "initialisation": "kaiming_uniform",
        },
        "optimizer": {"name": "adam", "learning_rate": 0.01, "weight_decay": 0.0},
        "schedule": "constant",
        "batch_size": 8,
        "epochs": 2,
        "loss": "cross_entropy",
        "regularisation": dict.fromkeys(
            ("label_smoothing", "mixup", "input_noise", "gradient_clipping"), 0.0
        ),
    },
    "search": {
        "objective": "validation_loss",
        "studies": 1,
        "trials": 4,
        "replicates": 1,
        "sampler": "tpe",
        "startup_trials": 2,
        "pruner": "median",
        "space": {
            "learning_rate": {"low": 0.001, "high": 0.1},
            "batch_size": [4, 8],
            "width": {"low": 2, "high": 6},
        },
        "regularisers": {"dropout": {"low": 0.0, "high": 0.5}},
    },
    "training": {"device": "cpu"},
    "threshold": RULES.model_dump(),
    "tracking": {"curve_points": 5, "live_after": 100000.0},
}
DATA: dict[str, dict[str, Any]] = {
    "images": {
        "kind": "images",
        "path": "data/raw/table.csv",
        "separator": ",",
        "encoding": "utf-8",
        "decimal": ".",
        "target": "label",
        "group": None,
        "task": "classification",
        "scaling": "all",
        "label_noise": 0.0,
        "input_noise": 0.0,
        "split": {"train": 30, "validation": 12, "test": 18, "by": "rows"},
    },
    "sequences": {
        "kind": "sequences",
        "path": "data/raw/table.csv",
        "separator": ",",
        "encoding": "utf-8",
        "decimal": ".",
        "target": "effort",
        "group": None,
        "task": "regression",
        "targets": [],
        "id": "walk",
        "step": "minute",
        "channels": ["speed", "pulse"],
        "categories": ["ground"],
        "length": None,
        "missing": "mean",
        "split": {"train": 30, "validation": 12, "test": 18, "by": "rows"},
    },
    "series": {
        "kind": "series",
        "path": "data/raw/table.csv",
        "separator": ",",
        "encoding": "utf-8",
        "decimal": ".",
        "date": "day",
        "target": "count",
        "inputs": ["count"],
        "window": 4,
        "horizon": 1,
        "steps": 1,
        "gaps": "exclude",
        "transform": "log",
        "split": {"validation_days": 12, "test_days": 14},
    },
    "table": {
        "kind": "table",
        "path": "data/raw/table.csv",
        "separator": ",",
        "encoding": "utf-8",
        "decimal": ".",
        "target": "price",
        "group": None,
        "task": "regression",
        "numbers": ["area", "age"],
        "categories": ["town"],
        "missing": "mean",
        "reference": None,
        "split": {"by": "rows", "column": None, "train": 30, "validation": 12, "test": 18},
    },
}


def add_writers(experiment: "Experiment", count: int) -> "Experiment":
    """The images by so many writers, in a column that names them, and the recipe `grouped`."""
    experiment.set("data.group", "writer")
    experiment.set("recipes", ["fixed", "grouped"])
    head, *lines = experiment.raw.read_text().splitlines()
    rows = [f"{line},w{k * count // len(lines)}" for k, line in enumerate(lines)]
    experiment.raw.write_text("\n".join([f"{head},writer", *rows]) + "\n")
    return experiment


def images_table() -> str:
    """60 images of 4 pixels, one class in three."""
    rng = np.random.default_rng(5)
    lines = ["p0,p1,p2,p3,label"]
    for row in range(60):
        pixels = rng.integers(0, 16, 4)
        pixels[row % 3] += 6
        lines.append(",".join(map(str, pixels)) + f",{'abc'[row % 3]}")
    return "\n".join(lines) + "\n"


def series_table() -> str:
    """70 days, two of them absent."""
    rng = np.random.default_rng(6)
    days = np.datetime64("2020-01-01") + np.delete(np.arange(70), [20, 21])
    counts = rng.poisson(40, days.size) + 1
    return "day,count\n" + "".join(
        f"{day},{count}\n" for day, count in zip(days, counts, strict=True)
    )


def sequences_table() -> str:
    """60 walks of three people, of 3 to 6 minutes in rows of any order, some pulses unknown."""
    rng = np.random.default_rng(8)
    rows = []
    for walk in range(60):
        speeds = rng.integers(20, 80, 3 + walk % 4)
        effort = int(speeds.sum()) + rng.integers(0, 20)
        for minute, speed in enumerate(speeds):
            pulse = "" if (walk + minute) % 20 == 4 else 60 + speed + rng.integers(0, 9)
            ground = "ab"[int(speed) % 2]
            who = "xyz"[walk % 3]
            rows.append(f"w{walk},{minute},{speed / 10},{pulse},{ground},{effort},{who}")
    mixed = (rows[place] for place in rng.permutation(len(rows)))
    return "walk,minute,speed,pulse,ground,effort,walker\n" + "".join(f"{row}\n" for row in mixed)


def table_table() -> str:
    """60 houses, the ages of three of them unknown."""
    rng = np.random.default_rng(7)
    lines = ["area,age,town,price"]
    for row in range(60):
        area, age = rng.integers(40, 200), rng.integers(1, 90)
        price = 3 * area - age + 50 * (row % 3) + rng.integers(0, 40)
        lines.append(f"{area},{'' if row % 20 == 4 else age},{'xyz'[row % 3]},{price}")
    return "\n".join(lines) + "\n"


TABLES = {
    "images": images_table,
    "sequences": sequences_table,
    "series": series_table,
    "table": table_table,
}


class Experiment:
    """A folder with params.yaml and a raw table, and what stages made of them."""

    def __init__(self, folder: Path, content: dict[str, Any]) -> None:
        self.folder, self.content = folder, content

    @property
    def raw(self) -> Path:
        return self.folder / "data/raw/table.csv"

    @property
    def params(self) -> Path:
        return self.folder / "params.yaml"

    @property
    def settings(self) -> Settings:
        return load_settings(self.folder)

    def save(self) -> None:
        # JSON is YAML.
        self.params.write_text(json.dumps(self.content))

    def set(self, key: str, value: object) -> "Experiment":
        """Change a setting, named with dots, in params.yaml."""
        *sections, last = key.split(".")
        place = self.content
        for section in sections:
            place = place[section]
        place[last] = value
        self.save()
        return self

    def tune(self, **search: object) -> "Experiment":
        """Switch the recipe `tuned` on, with other settings of the search where given."""
        self.content["recipes"] = ["fixed", "tuned"]
        self.content["search"] |= {"replicates": 2, **search}
        self.save()
        return self

    def edit_raw(self, change: Callable[[str], str | bytes]) -> None:
        text = change(self.raw.read_text())
        self.raw.write_bytes(text if isinstance(text, bytes) else text.encode())

    def run(self, *arguments: str) -> int:
        return main(["-C", str(self.folder), *arguments])

    def stage(self, name: str, point: Point | None = None) -> int:
        point = self.content["points"][0] if point is None else point
        return self.run(*command(name, point, self.content["axis"]))

    def repro(self, *stages: str) -> None:
        """Run stages, all points of each, which must succeed."""
        for name in stages or STAGES:
            points = self.content["points"] if name in ("recipe", "search", "train") else [0]
            for point in points:
                assert self.stage(name, point) == 0, (name, point)

    def results(self, point: Point) -> Path:
        return self.folder / f"results/train/fixed-{point}"

    def threshold(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.folder / "results/threshold.json").read_text())
        return content


def command(name: str, point: Point, axis: str = "depth") -> list[str]:
    """The arguments of a stage; `recipe` is the search stage's part for the recipe `fixed`."""
    if name in ("recipe", "search"):
        recipe = "fixed" if name == "recipe" else "tuned"
        return ["search", f"--{axis}", str(point), "--recipe", recipe]
    if name == "train":
        return ["train", f"--{axis}", str(point), "--recipe", "fixed"]
    return [name]


def new_experiment(folder: Path, kind: str) -> Experiment:
    content = copy.deepcopy(COMMON)
    content["data"] = copy.deepcopy(DATA[kind])
    content["metrics"] = ["accuracy", "macro_f1"] if kind == "images" else ["rmse", "r2"]
    if kind != "images":
        content["recipe"]["loss"] = "mae"
    experiment = Experiment(folder, content)
    experiment.raw.parent.mkdir(parents=True)
    experiment.raw.write_text(TABLES[kind]())
    experiment.save()
    return experiment


def snapshot(folder: Path) -> dict[str, str]:
    """The digest of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
