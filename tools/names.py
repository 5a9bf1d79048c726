"""Make data/raw/names.csv: a number's name, letter by letter, and images of it.

    python tools/names.py > data/raw/names.csv

Of each digit the first images of data/raw/digits.csv, as many as every digit has. A row is a
letter; the pixels of an image stand beside its first one.
"""

import csv
import io
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# Of each digit: as many as the rarest has, 174 of the 8.
IMAGES = 174


def names_csv() -> str:
    """Columns name (the id), step, letter and the pixels, in the order of the images."""
    with (ROOT / "data/raw/digits.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    pixels = [column for column in rows[0] if column.startswith("pixel")]
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(["name", "step", "letter", *pixels])
    seen = dict.fromkeys(NAMES, 0)
    for row in rows:
        name = NAMES[int(row["digit"])]
        seen[name] += 1
        if seen[name] > IMAGES:
            continue
        for step, letter in enumerate(name, 1):
            cells = [row[pixel] if step == 1 else "" for pixel in pixels]
            writer.writerow([f"{name} {seen[name]}", step, letter, *cells])
    return sink.getvalue()


if __name__ == "__main__":
    sys.stdout.write(names_csv())
