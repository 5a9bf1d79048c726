"""Make data/raw/digits.csv: scikit-learn's digits, and who wrote which.

    python tools/digits.py > data/raw/digits.csv

scikit-learn keeps the order of the test part of Alpaydin and Kaynak's data, in which the writers
follow one another. Where one ends and the next begins is from the scikit-learn MOOC, "Sample
grouping" (CC BY 4.0, https://inria.github.io/scikit-learn-mooc/), reconstructed from the order of
the digits: 14 blocks of 13 people, so that one person may hold two.
"""

import sys

import numpy as np
from sklearn.datasets import load_digits

# The first row of each writer, from 0.
FIRST_ROWS = (0, 130, 256, 386, 516, 646, 776, 915, 1029, 1157, 1287, 1415, 1545, 1667)


def digits_csv() -> str:
    """Columns pixel_0_0 to pixel_7_7, digit and writer (w01, w02, ...)."""
    frame = load_digits(as_frame=True).frame.astype(int).rename(columns={"target": "digit"})
    numbers = np.searchsorted(FIRST_ROWS, np.arange(len(frame)), side="right")
    frame["writer"] = [f"w{number:02d}" for number in numbers]
    return str(frame.to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    sys.stdout.write(digits_csv())
