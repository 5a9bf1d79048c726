"""The Optuna dashboard of a storage, to this machine alone."""

from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from optuna.storages import BaseStorage
from optuna_dashboard import wsgi

from depthgauge.interruption import until_signal
from depthgauge.ports import HOST, unusable

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# What a browser asks for that was led here by this address. Another name is that of a page which
# has its own name point here, to read and delete studies (DNS rebinding); the dashboard itself
# answers to any.
NAMES = {HOST, "localhost", "[::1]"}


class _Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at once; none outlives it."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """A line for each request is nothing that a person reads."""


def for_this_machine(application: "WSGIApplication") -> "WSGIApplication":
    """The application for requests alone that name this machine as their host."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
        if name.lower() not in NAMES:
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [f"This answers to http://{HOST} alone.\n".encode()]
        return application(environ, start_response)

    return answer


def serve(storage: BaseStorage, port: int, on_start: Callable[[str], None]) -> None:
    """Until a key press. on_start is told the address. Raises InputError for a port in use."""
    try:
        server = make_server(HOST, port, for_this_machine(wsgi(storage)), _Server, _Quiet)
    except (OSError, OverflowError) as error:
        raise unusable(port, error) from None
    with server:
        on_start(f"http://{HOST}:{server.server_port}")
        with until_signal():
            server.serve_forever()
