"""`make vulnerabilities` says what was checked, and never that nothing is known of what was not."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.vulnerabilities import NONE_KNOWN, NOT_CHECKED, UNREACHABLE, VULNERABLE, judge, main

ROOT = Path(__file__).parents[2]
KNOWN = "GHSA-462w-v97r-4m45"


def package(name: str, flaws: int = 0) -> dict[str, object]:
    return {
        "name": name,
        "version": "1.0",
        "vulns": [{"id": f"CVE-{name}-{n}", "fix_versions": ["1.1"]} for n in range(flaws)],
    }


@given(st.lists(st.integers(0, 3), min_size=1), st.integers(0, 3))
def test_all_clear_only_where_all_was_checked(flaws: list[int], skipped: int):
    packages = [package(f"p{n}", found) for n, found in enumerate(flaws)]
    packages += [{"name": f"s{n}", "skip_reason": "not found"} for n in range(skipped)]
    lines, code = judge(packages)
    assert code == (VULNERABLE if any(flaws) else NOT_CHECKED if skipped else NONE_KNOWN)
    said = "\n".join(lines)
    assert f"{len(flaws)} of {len(packages)} packages checked, {sum(flaws) or 'no'} known" in said
    assert all(f"CVE-p{n}-{k}" in said for n, found in enumerate(flaws) for k in range(found))
    assert all(f"s{n}" in said for n in range(skipped))


def test_a_database_that_knows_no_package_was_not_reached():
    """A mirror of the index without the database answers 404 to every question."""
    assert judge([{"name": "a", "skip_reason": "not found"}] * 3) == ([UNREACHABLE], NOT_CHECKED)


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    hashes = f"--hash=sha256:{'0' * 64}"
    path.write_text(f"jinja2==2.10 \\\n    {hashes}\nsix==1.17.0 \\\n    {hashes}\n")
    return path


@pytest.fixture
def database() -> Iterator[str]:
    """What OSV answers, in short, of one package."""

    class Database(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            affected = {
                "package": {"name": "jinja2", "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "2.10.1"}]}],
            }
            flaw = {"id": KNOWN, "summary": "escape", "affected": [affected]}
            known = question["package"]["name"] == "jinja2"
            answer = json.dumps({"vulns": [flaw]} if known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Database)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    thread.join()
    server.server_close()


def test_pip_audit_takes_a_lock_as_it_is(
    lock: Path, database: str, capsys: pytest.CaptureFixture[str]
):
    asked = ["--vulnerability-service", "osv", "--osv-url", database]
    assert main(asked, [lock]) == VULNERABLE
    assert capsys.readouterr().out.splitlines() == [
        f"jinja2 2.10: {KNOWN}, mended in 2.10.1",
        "2 of 2 packages checked, 1 known vulnerability",
    ]


def test_without_a_network_one_line_and_a_code_of_its_own(tmp_path: Path):
    """The locks themselves, through a proxy that is not there."""
    alone = {"HTTPS_PROXY": "http://127.0.0.1:9", "HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "tools.vulnerabilities"],
        **dict(cwd=ROOT, env=alone, capture_output=True, text=True),
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, UNREACHABLE + "\n", "")


def test_a_lock_without_hashes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "requirements.lock"
    path.write_text("six==1.17.0\n")
    assert main([], [path]) == NOT_CHECKED
    said = capsys.readouterr().out
    assert said.startswith("nothing was checked: pip-audit ended with ")
    assert "hash" in said
