"""The wheel, installed where there is no clone, from a stranger's table to the answer."""

import os
import re
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FEW = {
    "points: .*": "points: [0, 1]",
    "replicates: .*": "replicates: 3",
    "recipes: .*": "recipes: [fixed]",
    "  epochs: .*": "  epochs: 3",
    "  resamples: .*": "  resamples: 1000",
}
DOES = r"code|prepare|baselines|search|train|look|evaluate|report|track"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built in a copy, of what git does not ignore: setuptools writes beside its sources."""
    source, out = (tmp_path_factory.mktemp(name) for name in ("source", "wheel"))
    listed = ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", "src", "*.toml", "*.md"]
    known = subprocess.run([*listed, "LICENSE"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, known.decode().split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(out), str(source)], check=True)
    return next(out.glob("*.whl"))


def test_it_holds_every_file_of_the_package_and_nothing_else(wheel):
    package = ROOT / "src/depthgauge"
    files = {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == files
    # Of text and a table: what it was when this was written, and as much again.
    assert wheel.stat().st_size < 1_000_000


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The environment of a stranger: the wheel, and the libraries that this one has."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    place = next(folder.glob("lib/python*/site-packages"))
    # Names of packages only: a .pth of an editable depthgauge would bring the clone along.
    (place / "others.pth").write_text("".join(f"{p}\n" for p in site.getsitepackages()))
    install = ["install", "--quiet", "--no-deps", "--no-index", "--ignore-installed"]
    target = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python")]
    subprocess.run([*target, *install, str(wheel)], check=True)
    (folder / "bin/dvc").write_text(
        f"#!{folder}/bin/python\nimport sys\nfrom dvc.cli import main\nsys.exit(main())\n"
    )
    (folder / "bin/dvc").chmod(0o755)
    return folder


@pytest.mark.slow
def test_from_a_strangers_table_to_the_answer(installed, tmp_path):
    place = tmp_path / "somebody's räume"
    place.mkdir()
    rows = (f"{k * 7 % 13},{'ns'[k % 2]},{k * 7 % 13 * 2 + k * 5 % 11}\n" for k in range(120))
    (place / "my rooms.csv").write_text("size,side,price\n" + "".join(rows))
    environment = {
        **{
            k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "DEPTHGAUGE", "DVC"))
        },
        "PATH": f"{installed / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "DVC_SITE_CACHE_DIR": str(tmp_path / "site"),
        "DVC_NO_ANALYTICS": "1",
        "MLFLOW_TRACKING_URI": "",
    }

    def call(*command, cwd=place):
        done = subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    where = call("python", "-c", "import depthgauge; print(depthgauge.__file__)")
    assert Path(where.strip()).is_relative_to(installed)
    call("git", "init", "--quiet")
    call("depthgauge", "new", "my rooms.csv", "--target", "price")
    params = place / "params.yaml"
    text = params.read_text()
    for line, few in FEW.items():
        text, count = re.subn(f"^{line}$", few, text, flags=re.M)
        assert count, line
    params.write_text(text)
    assert "settings and data are good" in call("depthgauge", "check")
    told = call("dvc", "repro")
    assert {*re.findall(rf"Running stage '({DOES})", told)} == {*DOES.split("|")}
    assert "NOT LOGGED" not in told
    assert (place / "results/answer.txt").read_text().startswith("With this recipe")
    assert (place / "results/report/index.html").is_file()
    # What DVC keeps in its cache, and MLflow's store, are none of git's business.
    call("git", "add", ".")
    added = call("git", "diff", "--cached", "--name-only").splitlines()
    assert not [n for n in added if n.startswith((".depthgauge", "data/prepared", "results/train"))]
    assert "results/verdicts.json" in added
    # Nothing runs again, from a subfolder neither.
    assert call("dvc", "status") == "code:\n\talways changed\n"
    (place / "notes").mkdir()
    assert "settings and data are good" in call("depthgauge", "check", cwd=place / "notes")
