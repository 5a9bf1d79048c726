"""Stores of every kind that is shipped, which tests start and stop by themselves."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

PATIENCE_S = 180


class MlflowServer:
    """MLflow's own server, with a sqlite file and a folder for artifacts behind it."""

    def __init__(self, folder: Path, database: Path) -> None:
        self._folder, self._database = folder, database
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Comes back when it answers."""
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1"]
        command += ["--port", str(self._port), "--workers", "1"]
        command += ["--backend-store-uri", f"sqlite:///{self._database}"]
        command += ["--artifacts-destination", str(self._folder / "artifacts")]
        log = self._folder / "log"
        with log.open("ab") as file:
            quiet = os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONWARNINGS": "ignore"}
            self._process = subprocess.Popen(
                command, stdout=file, stderr=file, env=quiet, start_new_session=True
            )
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends and self._process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.uri}/health", timeout=5):
                return
            time.sleep(0.2)
        self.kill()
        raise AssertionError(log.read_text()[-2000:])

    def kill(self) -> None:
        """As a crash does, with the processes that it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, 9)
            self._process.wait()
            self._process = None
