"""Trials a minute of a search, side by side with a plain Optuna example in one run.

Run: PYTHONPATH=src python benchmarks/search_speed.py [--depth 3] [--write]

Both search the same space with the same sampler, the same number of trials, replicates and epochs,
on the same splits, with the studies in memory. The plain example is what Optuna's documentation
shows: an objective that trains an nn.Sequential in a plain loop, one replicate after the other,
and tells the mean so far of its replicates' least validation losses after each of them, where its
median pruner may end the trial. (The mean over all replicates at an epoch, by which depthgauge
prunes, is not known before the last replicate is trained.) Both leave the first third alone.

In favour of the plain example: its data are scaled tensors before the clock starts, it measures no
more than the validation loss, and of several numbers of threads the fastest counts. The recipe is
the experiment's, but always Adam, ReLU, default initial weights and validation loss.

The two samplers soon propose other recipes, and wide networks cost more than narrow ones. So the
plain loop also trains the very trials of depthgauge's search, each for as many epochs.

Pruned trials are shorter, so what is compared is replicate-epochs a minute. The trials before the
sampler begins are the same recipes in both and none of them is pruned: they stand by themselves.
"""

import platform
import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import optuna
import torch

from depthgauge.artifacts.raw import prepare_data
from depthgauge.data.dataset import without_test
from depthgauge.processes import cores
from depthgauge.search.plan import make_plan
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.training.batches import group_examples
from searches import CPU, Searched, comparable, depthgauge, plain_optuna, plain_replay, small
from table import command_line, show

FOLDER = Path(__file__).resolve().parent.parent

Search = Callable[[], Searched]
REPLAY = "plain PyTorch on depthgauge's own trials, threads 1"


def entrants(settings: Settings, depth: int, threads: Sequence[int]) -> dict[str, Search]:
    """Each search by its name; the plain one with each number of threads."""
    dataset = prepare_data(FOLDER, settings).dataset
    # Studies in memory are never told apart by the digest of their data.
    plan = make_plan(settings, "tuned", depth, 0, {"digests": {}})
    trials, seen = settings.search.trials, without_test(dataset, plan.replicates)
    examples = [group_examples(seen, [r], CPU, torch.float32) for r in plan.replicates]
    ways = {
        f"plain Optuna and PyTorch, threads {count}": lambda t=count: plain_optuna(
            plan, examples, trials, t
        )
        for count in threads
    }
    last: list[Searched] = []

    def ours() -> Searched:
        last[:] = [depthgauge(plan, seen, trials)]
        return last[0]

    return {"depthgauge": ours, **ways, REPLAY: lambda: plain_replay(plan, examples, last[0])}


def rows(measured: dict[str, list[Searched]], epochs: int, startup: int) -> Iterator[str]:
    """Markdown rows: medians over the turns; a ratio is the median of those within the turns."""
    ours = measured["depthgauge"]
    for name, turns in measured.items():
        spent = statistics.median(turn.seconds for turn in turns)
        trials = statistics.median(60 * len(t.trial_epochs) / t.seconds for t in turns)
        rate = statistics.median(turn.rate for turn in turns)
        pairs = list(zip(ours, turns, strict=True))
        ratio = statistics.median(a.rate / b.rate for a, b in pairs)
        same = statistics.median(
            a.rate_of_first(startup) / b.rate_of_first(startup) for a, b in pairs
        )
        busy = statistics.median(turn.processor_seconds for turn in turns)
        pruned = statistics.median(turn.pruned for turn in turns)
        best = "" if name == REPLAY else f"{statistics.median(turn.best for turn in turns):.4g}"
        yield (
            f"| {name} | {spent:.1f} | {busy:.1f} | {pruned:.0f} | {best} | {trials:.1f} "
            f"| {rate:.0f} | {rate / epochs:.0f} | {ratio:.1f} | {same:.1f} |"
        )


def report(settings: Settings, depth: int, turns: int, threads: Sequence[int]) -> Iterator[str]:
    search, epochs = settings.search, settings.recipe.epochs
    startup = min(search.startup_trials, search.trials)
    measured: dict[str, list[Searched]] = {}
    everybody = entrants(settings, depth, threads)
    for _ in range(turns):
        for name, run in everybody.items():
            measured.setdefault(name, []).append(run())
    plain = [name for name in measured if name not in ("depthgauge", REPLAY)]
    fastest = max(plain, key=lambda name: statistics.median(t.rate for t in measured[name]))

    def times(name: str) -> str:
        pairs = zip(measured["depthgauge"], measured[name], strict=True)
        found = [ours.rate / other.rate for ours, other in pairs]
        return (
            f"{statistics.median(found):.1f} ({min(found):.1f} to {max(found):.1f} over the turns)"
        )

    yield f"Depth {depth}, {search.trials} trials of {search.replicates} replicates and {epochs}"
    yield f"epochs, sampler {search.sampler}, pruner {search.pruner}; medians of {turns} turns, in"
    yield f"which all run one after the other. {cores()} cores ({platform.machine()}), PyTorch"
    yield f"{torch.__version__}, Optuna {optuna.__version__}."
    yield ""
    yield "A replicate-training is as many replicate-epochs as one that is never pruned. The last"
    yield "two columns are how many times as many of them a minute depthgauge trains: in the whole"
    yield f"search, and in its first {startup} trials, the same recipes for all and none pruned."
    yield ""
    yield (
        "| | seconds | of processors | pruned | best | trials a minute | replicate-epochs a minute "
        f"| replicate-trainings a minute | times | times, first {startup} |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    yield from rows(measured, epochs, startup)
    yield ""
    yield f"Replicate-trainings a minute, times those of {fastest}, the fastest whole"
    yield f"search: {times(fastest)}."
    yield f"On the same trials, times those of the plain loop alone: {times(REPLAY)}."


def main(arguments: Sequence[str] | None = None) -> None:
    parser = command_line(__doc__, "search-speed")
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument(
        "--threads", type=int, nargs="+", default=sorted({1, cores()}), help="of the plain example"
    )
    options = parser.parse_args(arguments)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    settings = load_settings(FOLDER)
    if options.quick:
        # More threads wait for each other where the machine is busy.
        options.turns, options.threads, settings = 1, [1], small(settings)
    # The first optimizer of a process imports PyTorch's compiler, whoever makes it.
    torch.optim.Adam([torch.zeros(1, requires_grad=True)])
    given = f"--depth {options.depth} --turns {options.turns}"
    lines = [
        "# Speed of the search",
        "",
        f"`PYTHONPATH=src python benchmarks/search_speed.py {given} "
        f"--threads {' '.join(map(str, options.threads))}`",
        "",
        *report(comparable(settings), options.depth, options.turns, options.threads),
    ]
    show(lines, options.write)


if __name__ == "__main__":
    main()
