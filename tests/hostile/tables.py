"""Tables as text, damaged and strange."""

import csv as csv_files
import functools
import io
from random import Random

from tests.experiment import images_table, sequences_table, series_table, table_table
from tests.hostile.user import Outcome, User, damage

CELLS = (
    *("", " ", "0", "-0", "1", "1e309", "-1e309", "1e-320", "1e38", "3.5e38", "nan", "inf", "NA"),
    *("?", "-", "TRUE", "no", "a", "A", "1,5", "1.234,5", "1,234.5", "(3)", "5 %", "$4", "\u22123"),
    *("2020-01-01", "1/2/2020", "31.12.1999 24:00", "12:00 PM", "0001-01-01", "9999-12-31"),
    *("=1+1", "\u202eabc", "x\u0301", "\U0001f600", "a" * 500, "9" * 50, "0x1F", "1_0", "\u0661"),
    *('"a\nb"', '"a,b"', '"', "\x07", "\x1b[2J", "\u2028", "\x85", "\u00a0", "'1", "1e5e5", "1d"),
)
NAMES = (
    *("", " ", "a", "id", "date", "class", "target", "\x1b[31m", "a\tb", "\u202e", "x" * 300, "1"),
    *('"a""b"', "a:b", "#", "*", "&", "null", "~", "yes", "{}", "[", "%s", "{0}", "\\", "a.b"),
)
MANY = (0, 1, 2, 39, 40, 41, *(120,) * 12, 200)


def csv(user: User, random: Random) -> Outcome:
    """A good table damaged, or one of columns of every kind."""
    if random.random() < 0.5:
        text, names = _good(random.randrange(4))
        data = (swap if random.random() < 0.7 else damage)(text, random)
    else:
        data, names = _mixed(random)
    return user.new(data, random.choice(("t.csv", "t.txt", "t")), *arguments(random, names))


def swap(data: bytes, random: Random) -> bytes:
    """A table with other cells in some places, written as a CSV file is."""
    rows = [line.split(",") for line in data.decode().splitlines()]
    for _ in range(random.choice((0, 1, 1, 2, 10))):
        random.choice(rows[1:])[random.randrange(len(rows[0]))] = random.choice(CELLS)
    return _quoted(rows, ",").encode("utf-8")


def _quoted(rows: list[list[str]], separator: str) -> str:
    sink = io.StringIO()
    csv_files.writer(sink, delimiter=separator, lineterminator="\n").writerows(rows)
    return sink.getvalue()


def arguments(random: Random, names: list[str]) -> list[str]:
    """Of a command line, sensible ones mostly."""
    names = names or ["x"]
    told, target = [], names[-1] if random.random() < 0.7 else random.choice(names)
    if random.random() < 0.95:
        told += ["--target", target]
    others = [name for name in names if name != target] if random.random() < 0.9 else names
    names = others or names
    if random.random() < 0.3:
        told += ["--kind", random.choice(("table", "series", "images", "sequences"))]
    if random.random() < 0.3:
        told += ["--task", random.choice(("regression", "classification"))]
    if random.random() < 0.1:
        told += ["--date", random.choice(names)]
    if random.random() < 0.1:
        told += ["--id", random.choice(names)]
    # What begins with a hyphen is an option, by argparse's own rules.
    usable = [name for name in names if not name.startswith("-")]
    if random.random() < 0.1 and usable:
        told += ["--inputs", *random.sample(usable, random.randint(1, min(3, len(usable))))]
    return told


@functools.cache
def _good(which: int) -> tuple[bytes, list[str]]:
    text = (images_table, series_table, sequences_table, table_table)[which]()
    return text.encode(), text.split("\n")[0].split(",")


def _mixed(random: Random) -> tuple[bytes, list[str]]:
    rows = random.choice(MANY)
    columns = [_column(random, rows) for _ in range(random.choice((0, 1, 2, 3, 3, 5, 5, 8)))]
    names = [
        random.choice(NAMES) if random.random() < 0.2 else f"c{k}" for k in range(len(columns))
    ]
    if columns and random.random() < 0.6:
        columns[-1] = [random.choice("ab") for _ in range(rows)]
    separator = random.choice(",,,,;\t|")
    table = [names, *map(list, zip(*columns, strict=True))]
    if random.random() < 0.8:
        lines = _quoted(table, separator).split("\n")[:-1]
    else:
        lines = [separator.join(row) for row in table]
    ending = random.choice(("\n", "\n", "\r\n", "\r"))
    encoding = random.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "utf-32"))
    return ending.join([*lines, ""]).encode(encoding, "replace"), [n.strip() for n in names]


def _column(random: Random, rows: int) -> list[str]:
    """Cells of a kind, and among them strange ones."""
    draw = random.choice(
        (
            lambda k: str(k),
            lambda k: str(k % 3),
            lambda k: f"{random.gauss(0, 1):.3f}",
            lambda k: f"{random.gauss(0, 1):.3f}".replace(".", ","),
            lambda k: str(10 ** random.uniform(-300, 300)),
            lambda k: str(10 ** random.uniform(-40, 39)),
            lambda k: random.choice("abc"),
            lambda k: f"w{k // 5}",
            lambda k: str(k % 5),
            lambda k: f"{2000 + k // 12}-{1 + k % 12:02d}-01",
            lambda k: f"{1 + k // 24 % 28:02d}/01/2020 {k % 24}:00",
            lambda k: random.choice(CELLS),
            lambda k: "7",
            lambda k: str(2**53 + k),
        )
    )
    strange = random.choice((0, 0, 0, 0.02, 0.5))
    chosen = random.choice(CELLS)
    return [
        (random.choice(CELLS) if random.random() < 0.5 else chosen)
        if random.random() < strange
        else draw(k)
        for k in range(rows)
    ]


def ts(user: User, random: Random) -> Outcome:
    """A .ts file, its header and its sequences damaged."""
    channels, steps, label = random.randint(1, 3), random.randint(1, 6), random.random() < 0.8
    header = {
        "problemName": random.choice(("small", "a b", "")),
        "timeStamps": random.choice(("false",) * 6 + ("true", "?")),
        "missing": "false",
        "univariate": str(channels == 1).lower(),
        "dimensions": str(channels),
        "equalLength": random.choice(("true", "false")),
        "seriesLength": str(steps),
        "classLabel": "true a b" if label else "false",
        "targetLabel": "false" if label else random.choice(("true", "false")),
    }
    lines = [f"@{key} {value}" for key, value in header.items() if random.random() < 0.8]
    lines.append("@data")
    for k in range(random.choice((0, 1, 39, 40, 60, 60, 60, 60))):
        length = steps if header["equalLength"] == "true" else random.randint(1, steps + 1)
        parts = [
            ",".join(_value(random, step, header["timeStamps"]) for step in range(length))
            for _ in range(channels)
        ]
        parts.append("ab"[k % 2] if label else f"{random.gauss(0, 1):.2f}")
        lines.append(":".join(parts))
    data = "\n".join([*lines, ""]).encode()
    data = damage(data, random) if random.random() < 0.5 else data
    more = (
        arguments(random, ["class", "value", "c1", "step", "id"]) if random.random() < 0.2 else []
    )
    return user.new(data, "t.ts", *more)


def _value(random: Random, step: int, timed: str) -> str:
    cell = random.choice(CELLS) if random.random() < 0.0005 else f"{random.gauss(0, 1):.2f}"
    return f"({step},{cell})" if timed == "true" else cell
