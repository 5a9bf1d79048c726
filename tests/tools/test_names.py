"""The names of numbers: the file is what the script makes, from the digits."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tools.names import IMAGES, NAMES

ROOT = Path(__file__).parents[2]
FILE = ROOT / "data/raw/names.csv"


def test_the_script_makes_the_file_again():
    made = subprocess.run(
        [sys.executable, ROOT / "tools/names.py"], capture_output=True, check=True
    ).stdout
    assert made == FILE.read_bytes()


def test_each_name_is_spelt_and_has_images_of_its_digit():
    with FILE.open() as file:
        rows = list(csv.reader(file))[1:]
    with (ROOT / "data/raw/digits.csv").open() as file:
        digits = {tuple(row[:64]): int(row[64]) for row in list(csv.reader(file))[1:]}
    spelt: dict[str, str] = {}
    for name, step, letter, *_ in rows:
        assert int(step) == len(spelt.setdefault(name, "")) + 1
        spelt[name] += letter
    assert all(name.split(" ")[0] == word for name, word in spelt.items())
    assert Counter(spelt.values()) == dict.fromkeys(NAMES, IMAGES)
    first = {name: tuple(pixels) for name, step, _, *pixels in rows if step == "1"}
    assert all(NAMES[digits[pixels]] == spelt[name] for name, pixels in first.items())
