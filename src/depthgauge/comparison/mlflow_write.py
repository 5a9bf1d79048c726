"""What a comparison says, put back into MLflow: tags of each run, a note of the experiment."""

import re
from typing import TYPE_CHECKING

from depthgauge.comparison.result import Found, Standing
from depthgauge.comparison.runs import RunTable
from depthgauge.comparison.text import answer_lines, left_out_lines, table_cells

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

NOTE = "mlflow.note.content"
TITLE = "## Compared by depthgauge"
_END = "<!-- end of what depthgauge compared -->"
PREFIX = "depthgauge.compare."
VERDICT, CONFIGURATION = f"{PREFIX}verdict", f"{PREFIX}configuration"
METRIC, ANSWER = f"{PREFIX}metric", f"{PREFIX}answer"
# MLflow keeps so much of a tag.
LONGEST = 5000


def write_back(client: "MlflowClient", table: RunTable, found: Found) -> int:
    """Tag every run and experiment. Returns how many runs were changed: none the second time.

    A note that somebody has written stays, and what was said there before of a comparison goes.
    """
    lines = [*answer_lines(found), *left_out_lines(found)]
    for experiment in table.experiments:
        tags = client.get_experiment(experiment).tags
        now = {ANSWER: lines[0][:LONGEST], METRIC: found.grouped.metric}
        now[NOTE] = with_section(tags.get(NOTE, ""), _note(found, lines))
        for key, value in now.items():
            if tags.get(key) != value:
                client.set_experiment_tag(experiment, key, value)
    changed = 0
    absent = table.absent[found.grouped.metric].tolist()
    for run_id, place, empty in zip(
        table.settings.index, found.grouped.place.tolist(), absent, strict=True
    ):
        changed += _tag(client, str(run_id), _tags(found, place, empty))
    return changed


def _tags(found: Found, place: int, empty: bool) -> dict[str, str]:
    """empty: whether this run has no value: it is none of those that the verdict rests on."""
    if place < 0:
        return {}
    row = found.rows[place]
    return {
        VERDICT: str(Standing.NO_RUN if empty else row.standing),
        CONFIGURATION: row.name[:LONGEST],
        METRIC: found.grouped.metric,
    }


def _tag(client: "MlflowClient", run_id: str, tags: dict[str, str]) -> bool:
    """Whether anything was to be changed."""
    from mlflow.entities import RunTag

    there = client.get_run(run_id).data.tags
    stale = [key for key in there if key.startswith(PREFIX) and key not in tags]
    new = [RunTag(key, value) for key, value in tags.items() if there.get(key) != value]
    for key in stale:
        client.delete_tag(run_id, key)
    if new:
        client.log_batch(run_id, tags=new)
    return bool(stale or new)


def _note(found: Found, lines: list[str]) -> str:
    header, rows = table_cells(found)
    table = [[escape(cell) for cell in cells] for cells in [header, *rows]]
    table.insert(1, ["---"] * len(header))
    text = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
    said = "\n\n".join(escape(line) for line in lines)
    return "\n\n".join([TITLE, said, text, _END])


def with_section(note: str, section: str) -> str:
    """The note with the section in the place of the one there is, else at its end."""
    pattern = re.compile(rf"{re.escape(TITLE)}.*?{re.escape(_END)}", re.DOTALL)
    if pattern.search(note):
        return pattern.sub(lambda _: section, note, count=1)
    return f"{note.rstrip()}\n\n{section}" if note.strip() else section


def escape(text: str) -> str:
    """The text so that Markdown shows it as it is, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$!&])", r"\\\1", " ".join(text.split()))
