"""Checks the locks for known vulnerabilities (`make vulnerabilities`).

Exit codes: 0 where every package was looked up and none is vulnerable, 1 where one is, 3 where
some or all could not be looked up: pip-audit by itself ends with 0 there. Arguments go to
pip-audit: `python tools/vulnerabilities.py --vulnerability-service osv` asks another database.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LOCKS = ("requirements.lock", "requirements-cuda.lock")
NONE_KNOWN, VULNERABLE, NOT_CHECKED = 0, 1, 3
UNREACHABLE = "cannot reach the database of vulnerabilities: nothing was checked"


def main(arguments: Sequence[str], locks: Sequence[str | Path] = LOCKS) -> int:
    files = [argument for lock in locks for argument in ("--requirement", str(lock))]
    # No environment is made and nothing resolved: the locks are taken as they are.
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    audit = [sys.executable, "-m", "pip_audit", *options, *files, *arguments]
    answer = subprocess.run(audit, capture_output=True, text=True)
    try:
        packages = json.loads(answer.stdout)["dependencies"]
    except ValueError:
        print(why_no_answer(answer.stderr))
        return NOT_CHECKED
    lines, code = judge(packages)
    print(*lines, sep="\n")
    return code


def why_no_answer(errors: str) -> str:
    """One line of what pip-audit wrote: a traceback of its client where no host answers."""
    if re.search("requests.exceptions|could not connect", errors, re.IGNORECASE):
        return UNREACHABLE
    return (
        "nothing was checked: pip-audit ended with "
        + (errors.strip().splitlines() or ["no word"])[-1]
    )


def judge(packages: list[dict[str, Any]]) -> tuple[list[str], int]:
    """What to say of the packages that pip-audit lists, and the exit code."""
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if len(skipped) == len(packages):
        return [UNREACHABLE], NOT_CHECKED
    lines = [
        f"{package['name']} {package['version']}: {flaw['id']}, mended in "
        + (" and ".join(flaw["fix_versions"]) or "no version yet")
        for package in packages
        for flaw in package.get("vulns", [])
    ]
    found = len(lines)
    lines.append(
        f"{len(packages) - len(skipped)} of {len(packages)} packages checked, "
        f"{found or 'no'} known {'vulnerability' if found == 1 else 'vulnerabilities'}"
    )
    if skipped:
        lines.append(f"the database does not know: {', '.join(skipped)}")
    return lines, VULNERABLE if found else NOT_CHECKED if skipped else NONE_KNOWN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
