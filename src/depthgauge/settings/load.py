"""Read params.yaml; say in one line what is wrong with it."""

import difflib
import reprlib
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning

from depthgauge.entries import EntrySetting
from depthgauge.errors import InputError
from depthgauge.section import RULE
from depthgauge.settings.renamed import check_renamed
from depthgauge.settings.schema import Settings

FILE = "params.yaml"

# Where pydantic speaks of Python and a person thinks of YAML.
_WORDS = {
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "int_type": "must be a whole number",
    "float_type": "must be a number (without quotes)",
    "list_type": "must be a list, as in [0, 1, 2]",
    "string_type": "must be text",
    "string_pattern_mismatch": "must be letters, digits, spaces, dots, hyphens and underscores",
    "too_short": "must have at least one value",
    "invalid_key": "a key must be text",
}


def load_settings(folder: Path) -> Settings:
    """The settings of the experiment in `folder`.

    Raises InputError naming the file and the line or key, and the nearest key for an unknown one.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(
            f"{path}: missing; run this in the folder of an experiment, or name it with -C FOLDER; "
            "`depthgauge new` makes one of a table"
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8 text; save it as text") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    settings = parse_text(text, str(path))
    settings.recipe.network.locate(folder)
    return settings


def parse_text(text: str, name: str) -> Settings:
    """Settings from the text of a file called `name` in messages."""
    try:
        # The same YAML as DVC's: 1.2, where 1e-3 is a number and `no` is a word.
        with warnings.catch_warnings():
            # Of what YAML 1.1 would have meant by it, where a file says that it is that.
            warnings.simplefilter("ignore", YAMLWarning)
            content = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = _cut((error.problem or error.context or "").split("\n")[0])
        raise InputError(f"{name}: {line}broken YAML: {problem}") from None
    except (YAMLError, ValueError) as error:
        raise InputError(f"{name}: broken YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise InputError(f"{name}: broken YAML: lists or mappings are nested too deep") from None
    return parse_settings(content, name)


def parse_settings(content: object, name: str) -> Settings:
    """Settings from the content of such a file."""
    if not isinstance(content, dict):
        raise InputError(f"{name}: must be a mapping of keys to values, as in the bundled one")
    try:
        check_renamed(content)
        return Settings.model_validate(content)
    except ValidationError as error:
        raise InputError(f"{name}: {_one_line(error, content)}") from None
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def _one_line(error: ValidationError, content: dict[str, Any]) -> str:
    # A misspelt key is both unknown and missing: the unknown one tells more.
    first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    kind, location = first["type"], first["loc"]
    key = _dotted(location)
    if kind == "extra_forbidden":
        allowed = _keys_beside(location, content)
        nearest = difflib.get_close_matches(str(location[-1])[:100], allowed, n=1, cutoff=0.5)
        hint = f"did you mean {_dotted((*location[:-1], nearest[0]))}?" if nearest else ""
        return f"{key}: unknown key; {hint or 'known here: ' + ', '.join(allowed)}"
    if kind == "missing":
        return f"{key}: missing; add it, as in the bundled params.yaml"
    if kind == RULE:
        return f"{key}: {first['msg']}"
    if kind == "value_error":
        return str(first["ctx"]["error"])
    message = _WORDS.get(kind) or first["msg"].removeprefix("Input ").replace("should", "must")
    return f"{key}: {message}, not {_shown(first['input'])}"


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    try:
        # Not the whole value: a few lines of YAML can stand for gigabytes.
        text = reprlib.repr(value)
    except ValueError:
        text = "a number of thousands of digits"
    return f"{_cut(text)} ({type(value).__name__})"


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."


def _dotted(location: Sequence[int | str]) -> str:
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += "." + (_cut(part) if part and part.isprintable() else reprlib.repr(part))
    return text.lstrip(".")


def _keys_beside(location: Sequence[int | str], content: dict[str, Any]) -> list[str]:
    """The keys that the schema knows where the unknown one stands."""
    model: Any = Settings
    value: Any = content
    for part in location[:-1]:
        value = value[part]
        if str(part) not in model.model_fields:
            # Only a range stands below a name that is not fixed, as in search.space.
            return ["low", "high"]
        field = model.model_fields[str(part)]
        entries = [m.model_of(value) for m in field.metadata if isinstance(m, EntrySetting)]
        model = next((found for found in entries if found), field.annotation)
    return list(model.model_fields)
