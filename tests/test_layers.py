"""What holds the house up: who may import whom, how long a module may be, where its tests are."""

import ast
import fnmatch
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.conftest import GROUPS
from tests.seconds import ALIKE

ROOT = Path(__file__).parents[1]
SOURCE, TESTS = ROOT / "src/depthgauge", ROOT / "tests"
MODULES = sorted(path.relative_to(SOURCE) for path in SOURCE.rglob("*.py"))
CONTRACTS = [
    contract["id"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
]
# Packages of which each module is an entry, found by its name (depthgauge/entries.py).
ENTRIES = (
    "axes",
    "data/kinds",
    "training/losses",
    "training/metrics",
    "training/networks",
    "training/optimizers",
)
HEAVY = ("altair", "matplotlib", "mlflow", "optuna", "pandas", "scipy", "sklearn", "torch")
# Modules without a test module of their name or of their package's: where their tests are, which
# ask more of several modules together than each could be asked alone.
TESTED_ELSEWHERE = {
    "command_line.py": "test_cli.py",
    "__main__.py": "test_cli.py",
    "artifacts/encoder.py": "data/kinds/test_kinds.py",
    "artifacts/inputs.py": "stages/test_bad_inputs.py",
    "artifacts/page.py": "report/test_page.py",
    "artifacts/provenance.py": "stages/test_bad_inputs.py",
    "artifacts/tracked.py": "stages/test_track.py",
    "files/contents.py": "files/test_outputs.py",
    "stages/demo.py": "workflow/test_layout.py",
    "workflow/scm.py": "stages/test_check.py",
    "artifacts/raw.py": "stages/test_bad_raw_data.py",
    "data/labels.py": "data/kinds/test_table.py",
    "data/windows.py": "data/kinds/test_series.py",
    "entries.py": "settings/test_load.py",
    "search/attributes.py": "search/test_run.py",
    "search/journal.py": "search/test_storage.py",
    "search/leftovers.py": "search/test_storages.py",
    "memory.py": "stages/test_bad_settings.py",
    "notebook/*": "notebook/test_sweep.py",
    "report/facts.py": "report/test_page.py",
    "ports.py": "stages/test_ui.py",
    "section.py": "settings/test_load.py",
    "tables/cells.py": "tables/test_table.py",
    "training/machine.py": "stages/test_bad_settings.py",
    "infer/*": "stages/test_new.py",
    "report/baselines.py": "report/test_page.py",
    "report/charts/*": "report/test_browser.py",
    "notebook/fits.py": "notebook/test_estimator.py",
    "notebook/judged.py": "notebook/test_judge.py",
    "notebook/long_frame.py": "notebook/test_judge.py",
    "notebook/measures.py": "notebook/test_estimator.py",
    "notebook/rules.py": "notebook/test_judge.py",
    "notebook/splitting.py": "notebook/test_estimator.py",
    "report/judged_page.py": "notebook/test_judge.py",
    "report/prose/cure.py": "report/test_page.py",
    "statistics/baselines.py": "statistics/test_compare_baselines.py",
    "statistics/effects.py": "statistics/test_cure.py",
    "statistics/estimates.py": "statistics/test_verdicts.py",
    "report/prose/numbers.py": "report/prose/test_render.py",
    "report/style.py": "report/test_page.py",
    "search/*": "search/test_run.py",
    "serving/*": "stages/test_register.py",
    "settings/*": "settings/test_load.py",
    "tracking/*": "tracking/test_update.py",
    "training/of_replicate.py": "training/test_own_network.py",
    "training/own_check.py": "training/test_own_network.py",
    "artifacts/trained.py": "stages/test_look.py",
    "workflow/estimate.py": "stages/test_check.py",
    "workflow/train_point.py": "stages/test_train.py",
    "workflow/try_own.py": "stages/test_own.py",
    "workflow/judge_views.py": "stages/test_evaluate.py",
    "workflow/judge_baselines.py": "stages/test_baselines.py",
    "training/threads.py": "training/test_engine.py",
    "training/runs.py": "artifacts/test_runs.py",
}
# Test modules of no module: of several, or of files that are no code.
OF_THE_WHOLE = {
    "axes/test_data_axes.py",
    "hostile/test_counts.py",
    "stages/test_axes.py",
    "stages/test_bad_inputs.py",
    "stages/test_bad_raw_data.py",
    "stages/test_field.py",
    "stages/test_bad_settings.py",
    "stages/test_new_sequences.py",
    "stages/test_own.py",
    "stages/test_planted_cures.py",
    "stages/test_search_by_hand.py",
    "report/test_browser.py",
    "search/test_postgresql.py",
    "search/test_hostile_storages.py",
    "search/test_kept.py",
    "search/test_storages.py",
    "statistics/test_false_alarms.py",
    "tracking/test_contract.py",
    "tracking/test_deleted.py",
    "tracking/test_interrupted.py",
    "tracking/test_kept.py",
    "tracking/test_repeat.py",
    "tracking/test_searches.py",
    "test_adding.py",
    "test_docs.py",
    "test_layers.py",
    "test_pipeline.py",
    "test_quoted_numbers.py",
    "test_readme.py",
    "test_release.py",
    "test_wheel.py",
}
BESIDE = ("benchmarks", "faults", "hostile", "notebooks", "tools")


@pytest.mark.parametrize("contract", CONTRACTS)
def test_contract(contract, capsys):
    code = lint_imports(
        config_filename=str(ROOT / "pyproject.toml"),
        limit_to_contracts=(contract,),
        no_cache=True,
        no_logo=True,
    )
    assert code == 0, capsys.readouterr().out


def imports(statements):
    """The top names of what these statements import when they run, not within functions."""
    for statement in statements:
        if isinstance(statement, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            yield (statement.module or "").partition(".")[0]
        elif isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            yield from imports(statement.orelse)
        elif not isinstance(statement, ast.FunctionDef):
            inner = [s for s in ast.iter_child_nodes(statement) if isinstance(s, ast.stmt)]
            yield from imports(inner)


@pytest.mark.parametrize("package", ENTRIES)
def test_an_entry_can_be_looked_at_without_the_libraries_it_uses(package):
    """So that settings can be judged by every entry without the seconds that torch takes."""
    helpers = getattr(
        importlib.import_module(f"depthgauge.{package.replace('/', '.')}"), "HELPERS", ()
    )
    for path in sorted((SOURCE / package).glob("*.py")):
        if path.stem in helpers:
            continue
        found = set(imports(ast.parse(path.read_text()).body)) & set(HEAVY)
        assert not found, f"{path.relative_to(ROOT)} imports {found} at module level"


@pytest.mark.parametrize("module", ["settings.load", "cli"])
def test_settings_load_without_a_heavy_library(module):
    """Whatever they import in turn."""
    program = (
        f"import sys, depthgauge.{module}; from depthgauge.settings.load import load_settings;"
        "from pathlib import Path; load_settings(Path());"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert set(HEAVY) & set(done.stdout.split()) == set()


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "benchmarks"])
def test_no_module_is_long(folder):
    limit = 300 if folder == "src" else 500
    lengths = {path: len(path.read_text().splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert {str(path): lines for path, lines in lengths.items() if lines > limit} == {}


def places_of_tests(module):
    """Where the tests of a module may be: in a test module of its name, or of its package's."""
    yield TESTS / module.parent / f"test_{module.stem}.py"
    yield TESTS / module.parent / f"test_{module.parent.name}.py"
    if module.parent != Path():
        yield TESTS / module.parent.parent / f"test_{module.parent.name}.py"


def test_every_module_has_its_tests():
    without = [
        module.as_posix()
        for module in MODULES
        if module.stem != "__init__" and not any(path.exists() for path in places_of_tests(module))
    ]
    for pattern, tests in TESTED_ELSEWHERE.items():
        assert (TESTS / tests).is_file()
        assert fnmatch.filter(without, pattern), f"{pattern} has tests of its name: no exception"
    assert [m for m in without if not any(fnmatch.fnmatch(m, p) for p in TESTED_ELSEWHERE)] == []


def test_every_test_module_has_its_module():
    """Where a module goes, its tests do not stay."""
    idle = []
    for path in TESTS.rglob("test_*.py"):
        place = path.relative_to(TESTS)
        module = SOURCE / place.parent / place.stem.removeprefix("test_")
        if place.parts[0] not in BESIDE and place.as_posix() not in OF_THE_WHOLE:
            whole = module.name == module.parent.name
            there = module.with_suffix(".py").is_file() or module.is_dir() or whole
            idle += [] if there else [place.as_posix()]
    assert idle == []
    assert all((TESTS / place).is_file() for place in OF_THE_WHOLE)


def test_every_test_that_is_slow_for_its_likes_is_there():
    for pattern in ALIKE:
        path, _, name = pattern.partition("::")
        function = re.match(r"\w+", name)[0]
        assert re.search(rf"^def {function}", (TESTS / path).read_text(), re.M), pattern


def test_every_group_of_tests_is_there():
    names = [path.relative_to(ROOT).as_posix() for path in TESTS.rglob("test_*.py")]
    for beginnings in GROUPS.values():
        assert all(any(name.startswith(begin) for name in names) for begin in beginnings)


def test_every_package_says_what_it_is_for():
    # The package itself names what is public, and imports it when it is asked for.
    for path in sorted({*SOURCE.rglob("__init__.py")} - {SOURCE / "__init__.py"}):
        text = path.read_text()
        code = [
            line for line in ast.parse(text).body if not isinstance(line, (ast.Expr, ast.Assign))
        ]
        assert code == [], f"{path.relative_to(ROOT)} runs code on import"
