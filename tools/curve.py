"""Make data/raw/curve.csv: a piecewise-linear curve seen through noise.

    python tools/curve.py > data/raw/curve.csv

The same bytes at every run: fixed seed, four decimals.
"""

import sys

import numpy as np

ROWS = 2000
SEED = 0
# Standard deviation of the Gaussian noise: the least root mean squared error of any model.
NOISE = 0.2
CORNERS_X = (0.0, 1.0, 2.5, 3.0, 4.5, 6.0, 6.5, 8.0, 9.0, 10.0)
CORNERS_Y = (0.0, 2.0, -1.0, 1.5, 1.0, 3.0, 0.0, -2.0, 1.0, 0.5)


def curve_csv() -> str:
    """Columns x (uniform from 0 to 10), y (truth and noise) and truth (on the curve)."""
    # The legacy generator: NumPy promises its numbers for all later versions.
    rng = np.random.RandomState(SEED)
    x = np.round(rng.uniform(CORNERS_X[0], CORNERS_X[-1], ROWS), 4)
    truth = np.interp(x, CORNERS_X, CORNERS_Y)
    y = truth + NOISE * rng.normal(size=ROWS)
    rows = (f"{a:.4f},{b:.4f},{c:.4f}\n" for a, b, c in zip(x, y, truth, strict=True))
    return "x,y,truth\n" + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(curve_csv())
