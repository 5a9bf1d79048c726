"""How far long work is and how long it will take: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = tqdm(desc=self._what, total=self._total, unit=f" {self._unit}", leave=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def skip(self, count: int) -> None:
        """Units that an earlier, interrupted run has done."""
        self._done += count
        self._already += count
        if self._bar is not None and self._total is not None:
            self._bar.total = self._total - self._already
            self._bar.refresh()

    def advance(self, count: int, note: str = "") -> None:
        """Units done now; note: what else to tell, such as the best so far."""
        # Where something swallowed a signal, the work would go on for ever.
        raise_taken()
        self._done += count
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
            say(f"{self._what}: {self._done} {self._unit}{told}")
        elif self._already < self._done < self._total:
            self._told = now
            pace = (now - self._began) / (self._done - self._already)
            to_go = (self._total - self._done) * pace
            say(
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


def duration(seconds: float) -> str:
    """A rough time in words: one or two digits of what it is best told in."""
    if seconds < 90:
        return f"{max(10, round(seconds, -1)):.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.2g} hours"


def named_values(values: Mapping[str, Any], names: Iterable[str]) -> str:
    """Named values for a line: whole numbers as they are, others to four digits."""
    texts = {n: str(v) if isinstance(v := values[n], int) else f"{v:.4g}" for n in names}
    return ", ".join(f"{name} {text}" for name, text in texts.items())


def say(line: str) -> None:
    """One line for the person who waits, on standard error as all progress."""
    print(line, file=sys.stderr, flush=True)
