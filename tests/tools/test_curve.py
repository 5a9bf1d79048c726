"""The simulated curve: its file is what the script makes, and its noise is what it says."""

import csv
import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
FILE = ROOT / "data/raw/curve.csv"


@pytest.fixture(scope="module")
def columns():
    with FILE.open() as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in ("x", "y", "truth")}


def test_the_script_makes_the_file_again():
    made = subprocess.run(
        [sys.executable, ROOT / "tools/curve.py"], capture_output=True, check=True
    ).stdout
    assert made == FILE.read_bytes()


def test_the_noise_is_gaussian_with_deviation_0_2(columns):
    noise = columns["y"] - columns["truth"]
    n = noise.size
    assert n == 2000
    # Four standard errors of mean, deviation and mean absolute value of N(0, 0.2).
    assert abs(noise.mean()) < 4 * 0.2 / np.sqrt(n)
    assert abs(noise.std() - 0.2) < 4 * 0.2 / np.sqrt(2 * n)
    assert abs(np.abs(noise).mean() - 0.2 * np.sqrt(2 / np.pi)) < 4 * 0.2 * 0.603 / np.sqrt(n)


def test_the_truth_is_piecewise_linear_with_nine_pieces(columns):
    order = np.argsort(columns["x"])
    x, truth = columns["x"][order], columns["truth"][order]
    distinct = np.concatenate([[True], np.diff(x) > 0])
    x, truth = x[distinct], truth[distinct]
    # Least squares on the pieces between the corners leaves the rounding to four decimals alone.
    corners = [0, 1, 2.5, 3, 4.5, 6, 6.5, 8, 9, 10]
    for low, high in itertools.pairwise(corners):
        piece = (x >= low) & (x <= high)
        line = np.polynomial.Polynomial.fit(x[piece], truth[piece], 1)
        assert np.abs(line(x[piece]) - truth[piece]).max() < 2e-4
