"""README.md, CONTRIBUTING.md and docs/ as tests read them: blocks, commands, links, quotes."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")),
)
_FENCED = re.compile(r"(?:^<!-- ([\w ]+) -->\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """mark: of the comment above it. language: "" of commands."""

    mark: str
    language: str
    text: str


@cache
def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str) -> list[Block]:
    """What is fenced, in its order."""
    return [Block(*found.groups("")) for found in _FENCED.finditer(text_of(name))]


def outside(name: str) -> str:
    """The text without what is fenced."""
    return _FENCED.sub("", text_of(name))


def spans(name: str) -> list[str]:
    """What stands between single backticks outside of blocks, in one line each."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", outside(name))]


def commands(name: str) -> Iterator[list[str]]:
    """Every command line, as words: of the blocks and of the text, without options in brackets."""
    lines = [
        line for block in blocks(name) if not block.language for line in block.text.split("\n")
    ]
    for line in [*lines, *spans(name)]:
        for part in re.sub(r"\[[^]]*\]", "", line.partition(" #")[0]).split("&&"):
            yield shlex.split(part) if part.count("'") % 2 == 0 else part.split()


def commands_of(name: str, program: str) -> list[list[str]]:
    return [words[1:] for words in commands(name) if words[:1] == [program]]


def links(name: str) -> list[str]:
    """Where links and pictures lead, but for other sites."""
    found = re.findall(r"\]\(([^)\s]+)", re.sub(r"`[^`]*`", "", outside(name)))
    return [link for link in found if not re.match(r"\w+:", link)]


def anchors(path: Path) -> set[str]:
    """Of the headings of a page, as GitHub makes them and the site does."""
    text = _FENCED.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = [re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings]
    return {re.sub(r"\s", "-", heading) for heading in plain}


def quotes(name: str) -> list[str]:
    """What is quoted, in one line each."""
    found = re.findall(r"(?:^>.*\n)+", text_of(name), re.MULTILINE)
    return [" ".join(re.sub(r"^>", "", quote, flags=re.MULTILINE).split()) for quote in found]
