"""How far the threshold moves with the family: the experiments on the digits beside each other.

    python -m tools.families_table > experiments/families.md

Reads the committed settings and results of those that sweep the depth and change no label.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tools.published_table import Results, read_results

ROOT = Path(__file__).resolve().parent.parent
DATA = "digits.csv"
COLUMNS = (
    *("experiment", "network", "recipe", "best depth", "test loss there", "overfitting from"),
    *("rise there", "most accurate depth", "accuracy there", "error rises from"),
)


def families_table(root: Path) -> str:
    """The page as Markdown. Needs the results of the experiments that it tells of."""
    return "\n".join(_lines(root)) + "\n"


def _lines(root: Path) -> Iterator[str]:
    yield "# The same digits, other networks"
    yield ""
    yield "Made by `python -m tools.families_table > experiments/families.md` from committed"
    yield "results: the fixed recipe of each after the last epoch. Where a network overfits is a"
    yield "property of the network, the recipe and the data together; each row says what one recipe"
    yield "does. Intervals are of 95 %, over replicates and what was drawn."
    yield ""
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|" + "---|" * len(COLUMNS)
    for folder in (root, *sorted(path.parent for path in root.glob("experiments/*/params.yaml"))):
        settings = YAML(typ="safe", pure=True).load((folder / "params.yaml").read_text("utf-8"))
        if _is_one(settings):
            yield _row(folder, settings)


def _is_one(settings: dict[str, Any]) -> bool:
    data = settings["data"]
    same = Path(data["path"]).name == DATA and not data.get("label_noise")
    classes = data.get("task") == "classification" and "accuracy" in settings["metrics"]
    return same and classes and settings["axis"] == "depth"


def _row(folder: Path, settings: dict[str, Any]) -> str:
    results = read_results(folder)
    loss, error = results.threshold, results.threshold["by_metric"]["accuracy"]
    recipe, network = settings["recipe"], settings["recipe"]["network"]
    best, accurate = str(loss["best"]), str(error["best"])
    row, cost = results.rows[best], results.metric[accurate]
    losses = [float(row[f"test_loss{end}"]) for end in ("", "_crossed_low", "_crossed_high")]
    shares = [float(cost[f"test_cost{end}"]) for end in ("", "_crossed_high", "_crossed_low")]
    cells = (
        f"`{settings['experiment']}`",
        f"{network.get('class_path', network.get('family'))}, width {network['width']}",
        f"{recipe['epochs']} epochs, learning rate {recipe['optimizer']['learning_rate']:g}",
        best,
        "{:.3f} ({:.3f} to {:.3f})".format(*losses),
        _from(loss),
        _rise(results),
        accurate,
        "{:.1f} % ({:.1f} to {:.1f} %)".format(*(100 * (1 - share) for share in shares)),
        _from(error),
    )
    return f"| {' | '.join(cells)} |"


def _from(found: dict[str, Any]) -> str:
    threshold = found["overfitting_threshold"]
    if threshold is None:
        return found["on_this_data"]["outcome"]
    return f"{threshold}{' at the latest' if found['not_excluded'] else ''}"


def _rise(results: Results) -> str:
    threshold = results.threshold["overfitting_threshold"]
    if threshold is None:
        return "–"
    return f"{100 * float(results.rows[str(threshold)]['relative_rise']):.0f} %"


if __name__ == "__main__":
    sys.stdout.write(families_table(ROOT))
