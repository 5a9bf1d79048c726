"""Which code what is said has: DG103 is "overfits", for ever. None is ever renumbered.

The table is texts/codes.toml. A verdict has its code by its word. A warning is found by some of its
words, so that a code can be put to it at the edge, where it is printed or shown.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Said once where lines with codes are printed.
HINT = "what a code in brackets means, `depthgauge explain CODE` says"
_TABLE = Path(__file__).parent / "texts" / "codes.toml"


@dataclass(frozen=True)
class Code:
    """One code. kind: the heading it stands under. word: the verdict, or the warning's name.

    line: what it says, in a few words. says: patterns of which each warning in which one is found
    has the code. advice: the verdict in advice.toml whose meaning and steps it shares; "" for none.
    """

    code: str
    kind: str
    word: str
    line: str
    says: tuple[re.Pattern[str], ...]
    advice: str


@cache
def kinds() -> dict[str, str]:
    """The headings of the kinds."""
    found: dict[str, str] = _read()["kinds"]
    return found


@cache
def codes() -> tuple[Code, ...]:
    """All, in their order."""
    return tuple(
        Code(
            code,
            each["kind"],
            each["word"],
            each["line"],
            tuple(re.compile(pattern) for pattern in each.get("says", ())),
            each.get("advice", ""),
        )
        for code, each in _read().items()
        if code != "kinds"
    )


def code_of(kind: str, word: str) -> str:
    """The code of a verdict, an outcome, an effect or a standing. Raises KeyError without one."""
    return _by_word()[kind, str(word)]


def codes_in(text: str) -> list[str]:
    """The codes of the warnings in a text."""
    return [each.code for each in codes() if any(p.search(text) for p in each.says)]


def with_code(line: str) -> str:
    """A line that a person is told, with the code of its warning at its end; without one, as it
    is."""
    found = codes_in(line)[:1]
    return f"{line} [{found[0]}]" if found else line


def codes_line(found: Iterable[str]) -> str:
    """The last line under an answer; "" where there is no code."""
    said = ", ".join(found)
    return f"Codes: {said} (depthgauge explain CODE)" if said else ""


def find_codes(asked: str) -> list[Code]:
    """What a person may mean: a code, a word that has one or several, or a line that was printed.

    Capitals do not matter.
    """
    plain = " ".join(asked.split()).casefold()
    named = [each for each in codes() if plain in (each.code.casefold(), each.word.casefold())]
    if named:
        return named
    in_line = [each for each in codes() if f"[{each.code.casefold()}]" in plain]
    found = codes_in(asked)
    return in_line or [each for each in codes() if each.code in found]


def nearest(asked: str) -> Code:
    """Of a code or a word that there is not."""
    plain = " ".join(asked.split()).casefold()[:60]
    names = {name.casefold(): each for each in codes() for name in (each.word, each.code)}
    return names[difflib.get_close_matches(plain, names, n=1, cutoff=0.0)[0]]


def _read() -> dict[str, dict[str, str]]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@cache
def _by_word() -> dict[tuple[str, str], str]:
    return {(each.kind, each.word): each.code for each in codes()}
