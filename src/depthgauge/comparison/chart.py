"""What W&B exports of a chart: a column for each run, "RUN - METRIC", a row for each step.

Of a run only the name is known: what it says of settings and seed is all there is.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from depthgauge.comparison.names import Role, role
from depthgauge.comparison.runs import Asked, RunTable, roles_of
from depthgauge.errors import InputError

_COLUMN = re.compile(r"^(?P<run>.+) - (?P<metric>.+?)(?P<end>__MIN|__MAX)?$")
# "lr=0.1" up to the next pair, which a "_" or "-" may part from it.
_PAIR = re.compile(
    r"([A-Za-z][A-Za-z_.]*)\s*[=:]\s*([^\s,;=]+?)(?=[\s,;|/]|[_\-](?=[A-Za-z_]+[=:])|$)"
)
_SEED = re.compile(
    r"(?:^|[\s_\-./])(seed|s|rep|replicate|fold|run)[\s_\-]?(\d+)(?=$|[\s_\-./])", re.IGNORECASE
)


def is_chart(names: Sequence[str]) -> bool:
    """Whether the columns are of runs: all but that of the steps."""
    runs = [name for name in names if _COLUMN.match(name)]
    return len(runs) >= 2 and len(names) - len(runs) <= 1 and role(names[0]) is not Role.SEED


def table_of_chart(
    source: str, names: Sequence[str], batches: Iterable[pa.Table], asked: Asked
) -> RunTable:
    """A run for each column, by its last value. Raises InputError as the reader of tables does."""
    found = {name: match for name in names if (match := _COLUMN.match(name)) and not match["end"]}
    last: dict[str, float] = {}
    for batch in batches:
        for name in found:
            try:
                values = pc.drop_null(batch.column(name)).cast(pa.float64())
            except pa.ArrowInvalid as error:
                raise InputError(f"{source}: column {name[:60]!r}: {error}") from None
            if len(values):
                last[name] = values[-1].as_py()
    metrics: dict[str, dict[str, float | None]] = {match["metric"]: {} for match in found.values()}
    for name, match in found.items():
        metrics[match["metric"]][match["run"]] = last.get(name)
    numbers = pd.DataFrame(metrics).astype(np.float64)
    absent = pd.DataFrame(
        {m: [of.get(run) is None for run in numbers.index] for m, of in metrics.items()},
        numbers.index,
    )
    told = [settings_of_name(str(run)) for run in numbers.index]
    settings = pd.DataFrame(told, numbers.index, dtype=object).replace({np.nan: None})
    numbers, absent, settings = (
        frame.reset_index(drop=True) for frame in (numbers, absent, settings)
    )
    columns = [*settings.columns, *numbers.columns]
    unknown = sorted(asked.named - set(columns))
    if unknown:
        raise InputError(
            f"{source}: the names of its runs say nothing of {unknown[0][:60]!r}; there are "
            f"{', '.join(columns)[:200]}"
        )
    roles = roles_of(columns, asked)
    roles |= {name: Role.METRIC for name in numbers.columns}
    notes = ("settings and seeds are read from the names of the runs",)
    return RunTable(source, settings, numbers, absent, roles, notes)


def settings_of_name(name: str) -> dict[str, str]:
    """What a name says: lr and seed in "lr=0.1_seed=3", the seed in "resnet-s3"; else itself."""
    pairs = {key: value for key, value in _PAIR.findall(name)}
    rest = _PAIR.sub("", name) if pairs else name
    seed = next((key for key in pairs if role(key) in (Role.SEED, Role.FOLD)), None)
    match = None if seed else _SEED.search(rest)
    if match:
        rest = rest[: match.start()] + rest[match.end() :]
        pairs["seed"] = match[2]
    rest = rest.strip(" _-.,;|/")
    return {**({"configuration": rest} if rest or not pairs else {}), **pairs}
