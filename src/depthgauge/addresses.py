"""Addresses of servers and databases, of which no secret may reach a person's screen or a log."""

import re
from urllib.parse import unquote, urlsplit, urlunsplit

HIDDEN = "***"


def shown(address: str) -> str:
    """The address without user and password, and without the values of its options.

    Where an @ comes after a ? either may be part of a password: then all of it is hidden.
    """
    scheme, mark, rest = address.partition("://")
    if not mark:
        return address
    place, asked, options = rest.partition("?")
    if not scheme.startswith("sqlite"):
        place = place.rpartition("@")[2]
    if "@" in options:
        return f"{scheme}{mark}{HIDDEN}"
    values = re.sub(r"=[^&]*", f"={HIDDEN}", options)
    return f"{scheme}{mark}{place}{asked}{values}"


def without_user(address: str) -> str:
    """The address without user and password, to be asked. Raises ValueError where it is none."""
    parts = urlsplit(address)
    _ = parts.port
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def hide(text: str, address: str) -> str:
    """What a library says of an address, without the secrets that are in it."""
    text = text.replace(address, shown(address))
    for secret in sorted(_secrets(address), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _secrets(address: str) -> set[str]:
    """The password and the values of options, as written and as meant."""
    rest = address.partition("://")[2]
    server = rest.rpartition("@")[0]
    written = [server.partition(":")[2], *re.findall(r"=([^&]+)", rest.partition("?")[2])]
    if ":" not in server:
        # A token in the place of the user, as some servers have it.
        written.append(server)
    return {each for one in written for each in (one, unquote(one))} - {""}
