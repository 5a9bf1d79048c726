"""The one error that a person can mend."""


class InputError(Exception):
    """Something a person gave is wrong: a file, a setting, an argument.

    The message is one line: which file, which row, column or key, what is wrong, what would be
    right. The command line prints it and ends with exit code 2; nothing has been written.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(" ".join(message.split())))


def printable(text: str) -> str:
    """The text without what a terminal would obey, which names and other libraries bring along."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
