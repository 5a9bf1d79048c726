"""Make data/raw/mnist1d.csv: signals of 40 numbers, each a digit that was moved and stretched.

    python tools/signals.py > data/raw/mnist1d.csv

S. Greydanus and D. Kobak, "Scaling down deep learning with MNIST-1D" (2020), arXiv:2011.14439. The
generator is their package `mnist1d` with its own settings and seed, asked for 6,000 signals: their
4,000 to train on and 1,000 to test on, and 1,000 to validate on.
"""

import sys

import pandas as pd
from mnist1d.data import get_dataset_args, make_dataset

SIGNALS = 6000


def mnist1d_csv() -> str:
    """Columns v00 to v39, to four digits behind the point, and digit."""
    args = get_dataset_args()
    args.num_samples, args.train_split = SIGNALS, 1.0
    found = make_dataset(args)
    frame = pd.DataFrame(found["x"], columns=[f"v{k:02d}" for k in range(found["x"].shape[1])])
    frame = frame.round(4)
    frame["digit"] = found["y"]
    return str(frame.to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    sys.stdout.write(mnist1d_csv())
