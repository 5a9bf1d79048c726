"""A git and DVC repository of a small experiment, with the pipeline and the code of this tree."""

import copy
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.experiment import Experiment, new_experiment

ROOT = Path(__file__).parents[1]
SHARED = (
    *("dvc.yaml", ".gitignore", ".dvc/config", ".dvc/.gitignore"),
    *(".dvc/plots/loss.json", ".dvc/plots/page.html"),
)


class Repository(Experiment):
    """A git repository with an experiment at its root and another one, OTHER."""

    OTHER = "experiments/other"

    @property
    def environment(self):
        return os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder / "src"),
            "DVC_NO_ANALYTICS": "1",
            "DVC_SITE_CACHE_DIR": str(self.folder.parent / "site"),
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
            "MLFLOW_TRACKING_URI": "",
        }

    def start(self, *command, folder="."):
        return subprocess.Popen(
            command,
            cwd=self.folder / folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def call(self, *command, folder="."):
        process = self.start(*command, folder=folder)
        output = process.communicate(timeout=600)[0]
        assert process.returncode == 0, output
        return output

    def dvc(self, *arguments, folder="."):
        return self.call(sys.executable, "-m", "dvc", *arguments, folder=folder)

    def ran(self, *arguments, folder="."):
        """The stages that DVC ran."""
        return stages_in(self.dvc(*arguments, folder=folder))

    def status(self):
        return self.call("git", "status", "--porcelain").splitlines()

    def commit(self):
        """Everything that git does not ignore."""
        self.call("git", "add", ".")
        self.call("git", "commit", "--quiet", "-m", "state")

    def points(self):
        with (self.folder / "results/points.csv").open() as file:
            return sorted({int(row["point"]) for row in csv.DictReader(file)})

    def clone(self):
        """What git hands on: no cache, no work in progress."""
        folder = self.folder.parent / "clone"
        self.call("git", "clone", "--quiet", ".", str(folder))
        return Repository(folder, copy.deepcopy(self.content))

    def changed_dependencies(self):
        """The dependencies of each stage that are not as its last run had them."""
        output = self.dvc("status", "--json")
        return {
            stage: [
                d for part in told if isinstance(part, dict) for d in part.get("changed deps", [])
            ]
            for stage, told in json.loads(output[output.index("{") :]).items()
        }


def new_repository(folder):
    """Not committed yet."""
    repository = Repository(folder, new_experiment(folder, "images").content)
    for name in SHARED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignored)
    repository.call("git", "init", "--quiet")
    return repository


def stages_in(output):
    return re.findall(r"Running stage '([^']*)'", output)
