"""Servers of pages for this machine alone."""

from depthgauge.errors import InputError

HOST = "127.0.0.1"


def unusable(port: int, error: Exception) -> InputError:
    """That a port cannot be served on."""
    reason = getattr(error, "strerror", None) or error
    return InputError(f"--port {port}: cannot be used ({reason}); name another one")
