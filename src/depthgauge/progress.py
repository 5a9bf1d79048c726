"""How far long work is and how long it will take: a bar on a terminal, plain lines elsewhere.

Several works that are parts of one, as those of a sweep in a notebook, are shown as one (`Whole`).
"""

import importlib.util
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Self, TypeVar

from tqdm import tqdm

from depthgauge.interruption import raise_taken

LINE_EVERY_S = 5.0
Item = TypeVar("Item")


class Progress:
    """Counts units of work that are alike, so that the time to go follows from the time gone.

    total: None where it is not known beforehand.
    """

    def __init__(self, what: str, total: int | None, unit: str) -> None:
        self._what, self._total, self._unit = what, total, unit
        self._done, self._already = 0, 0
        self._began = self._told = time.monotonic()
        self._bar: tqdm | None = None
        self._whole: Whole | None = None

    def __enter__(self) -> Self:
        self._whole = _whole.get()
        if self._whole is not None:
            self._whole.begin(self._what)
        elif sys.stderr.isatty():
            self._bar = tqdm(desc=self._what, total=self._total, unit=f" {self._unit}", leave=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def skip(self, count: int) -> None:
        """Units that an earlier, interrupted run has done."""
        self._done += count
        self._already += count
        if self._whole is not None:
            self._whole.advance(count, self._unit)
        if self._bar is not None and self._total is not None:
            self._bar.total = self._total - self._already
            self._bar.refresh()

    def advance(self, count: int, note: str = "") -> None:
        """Units done now; note: what else to tell, such as the best so far."""
        # Where something swallowed a signal, the work would go on for ever.
        raise_taken()
        self._done += count
        if self._whole is not None:
            self._whole.advance(count, self._unit)
            return
        if self._bar is not None:
            self._bar.update(count)
            self._bar.set_postfix_str(note)
            return
        now = time.monotonic()
        if now - self._told < LINE_EVERY_S:
            return
        told = f", {note}" if note else ""
        if self._total is None:
            self._told = now
            _tell(f"{self._what}: {self._done} {self._unit}{told}")
        elif self._already < self._done < self._total:
            self._told = now
            pace = (now - self._began) / (self._done - self._already)
            to_go = (self._total - self._done) * pace
            _tell(
                f"{self._what}: {self._done} of {self._total} {self._unit}, "
                f"about {to_go:.0f} s to go{told}"
            )

    @property
    def seconds(self) -> float:
        """Since the work began."""
        return time.monotonic() - self._began


def watched(items: Sequence[Item], what: str, unit: str) -> Iterator[Item]:
    """The items, each of which is done when the next one is asked for."""
    with Progress(what, len(items), unit) as progress:
        for item in items:
            yield item
            progress.advance(1)


class Whole:
    """Shows all that happens within it as one bar, of the units `unit`; other lines are not told.

    total: of these units. A notebook has a bar of its own, where ipywidgets is installed. shown:
    False for nothing at all.
    """

    def __init__(self, what: str, total: int, unit: str, shown: bool = True) -> None:
        self._what, self._total, self._unit, self._shown = what, total, unit, shown
        self._bar: tqdm | None = None
        self._plain: Progress | None = None

    def __enter__(self) -> Self:
        if self._shown and (_in_notebook() or sys.stderr.isatty()):
            unit = f" {self._unit}"
            self._bar = _bar_class()(desc=self._what, total=self._total, unit=unit, leave=False)
        elif self._shown:
            self._plain = Progress(self._what, self._total, self._unit)
        self._token = _whole.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        _whole.reset(self._token)
        if self._bar is not None:
            self._bar.close()

    def begin(self, what: str) -> None:
        """What is done now."""
        if self._bar is not None:
            self._bar.set_description(what)

    def advance(self, count: int, unit: str) -> None:
        """Units done; those of another kind are not counted."""
        if unit != self._unit:
            return
        for counts in (self._bar, self._plain):
            if isinstance(counts, Progress):
                counts.advance(count)
            elif counts is not None:
                counts.update(count)


_whole: ContextVar[Whole | None] = ContextVar("whole", default=None)


def _in_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def _bar_class() -> type[tqdm]:
    if _in_notebook() and importlib.util.find_spec("ipywidgets") is not None:
        from tqdm.notebook import tqdm as widget

        return widget
    return tqdm


def duration(seconds: float) -> str:
    """A rough time in words: one or two digits of what it is best told in."""
    if seconds < 90:
        return f"{max(10, round(seconds, -1)):.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.2g} hours"


def named_values(values: Mapping[str, Any], names: Iterable[str]) -> str:
    """Named values for a line: fractions to four digits, others as they are."""
    texts = {n: f"{v:.4g}" if isinstance(v := values[n], float) else str(v) for n in names}
    return ", ".join(f"{name} {text}" for name, text in texts.items())


def say(line: str) -> None:
    """One line for the person who waits, on standard error as all progress."""
    if _whole.get() is None:
        _tell(line)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
