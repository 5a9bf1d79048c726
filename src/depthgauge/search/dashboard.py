"""The Optuna dashboard of a storage, to this machine alone."""

import contextlib
from collections.abc import Callable
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from optuna.storages import BaseStorage
from optuna_dashboard import wsgi

from depthgauge.errors import InputError

HOST = "127.0.0.1"


class _Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at once; none outlives it."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """A line for each request is nothing that a person reads."""


def serve(storage: BaseStorage, port: int, on_start: Callable[[str], None]) -> None:
    """Until a key press. on_start is told the address. Raises InputError for a port in use."""
    try:
        server = make_server(HOST, port, wsgi(storage), _Server, _Quiet)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"--port {port}: cannot be used ({reason}); name another one") from None
    with server:
        on_start(f"http://{HOST}:{server.server_port}")
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
