"""Free text in Markdown: what stands there is what was meant, whatever signs are in it."""

import re

# No name is read to its end in a sentence that is longer, and MLflow takes no text of any length.
LONGEST = 200
# Signs that mean something wherever they stand; underscores and mentions do so outside words alone.
_ANYWHERE = re.compile(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])|(?<!\w)@")
# And those that do so at the beginning of a line: headings, lists, quotes, rules.
_BEGINNING = re.compile(r"^(\s*)([#+\-=]|\d+(?=[.)](?:\s|$)))", re.MULTILINE)


def plain(text: str) -> str:
    """Text that is shown as it is."""
    escaped = _ANYWHERE.sub(lambda sign: f"\\{sign[0]}", text)
    return _BEGINNING.sub(_escape_beginning, escaped)


def _escape_beginning(found: re.Match[str]) -> str:
    space, sign = found.groups()
    # Of a number the point after it begins a list.
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def code(text: object) -> str:
    """A code span of the text, in more back-ticks than it holds in a row."""
    words = " ".join(str(text).split())
    words = words if len(words) <= LONGEST else f"{words[:LONGEST]}..."
    longest = max(map(len, re.findall("`+", words)), default=0)
    fence = "`" * (longest + 1)
    # The space next to a fence is taken away where both sides have one.
    inner = f" {words} " if words[:1] == "`" or words[-1:] == "`" else words
    return f"{fence}{inner}{fence}" if words else ""
