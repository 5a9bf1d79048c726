"""Text that a spreadsheet would run as a formula, in a CSV file that a person opens there.

A single quote in front makes it text (OWASP, CSV injection), and our own readers take it away:
each text is read as it was, those with quotes of their own too. Numbers need none.
"""

import re

# A tab or an end of line before it is passed over, or begins another cell; the wide signs are those
# of Chinese and Japanese keyboards. report/templates/script.js has the same.
_BEGINS = r"(?:[\t\r\n]|[ \t\r\n]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])"
_RUNS, _GUARDED = re.compile(f"'*{_BEGINS}"), re.compile(f"'+{_BEGINS}")


def guard(text: str) -> str:
    """What stands for the text in a CSV file."""
    return f"'{text}" if _RUNS.match(text) else text


def unguard(cell: str) -> str:
    """The text that a cell stands for."""
    return cell[1:] if _GUARDED.match(cell) else cell
