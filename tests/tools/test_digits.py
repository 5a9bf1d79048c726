"""The digits: the file is what the script makes."""

import subprocess
import sys
from pathlib import Path

from tools.digits import FIRST_ROWS

ROOT = Path(__file__).parents[2]
FILE = ROOT / "data/raw/digits.csv"


def test_the_script_makes_the_file_again():
    made = subprocess.run(
        [sys.executable, ROOT / "tools/digits.py"], capture_output=True, check=True
    ).stdout
    assert made == FILE.read_bytes()


def test_each_writer_wrote_every_digit():
    rows = [line.rsplit(",", 2)[1:] for line in FILE.read_text().splitlines()[1:]]
    digits = {writer: {digit for digit, own in rows if own == writer} for _, writer in rows}
    assert len(digits) == len(FIRST_ROWS) == 14
    assert {len(written) for written in digits.values()} == {10}
