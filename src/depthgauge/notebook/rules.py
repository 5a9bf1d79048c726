"""The rules of a judgement in a notebook: those of a first experiment, and what is asked for."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from depthgauge.infer.defaults import first_settings
from depthgauge.statistics.rules import Rules


def rules_of(threshold: Mapping[str, Any] | None) -> Rules:
    """threshold: keys and values of that section of params.yaml; the others are as usual.

    Raises ValueError, naming the key, for one that there is not or a value that it cannot have.
    """
    usual: dict[str, Any] = first_settings()["threshold"]
    asked = dict(threshold or {})
    for key in asked:
        if key not in usual:
            raise ValueError(f"threshold: {key!r} is none of {', '.join(usual)}")
    try:
        return Rules(**(usual | asked))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ValueError(f"threshold: {key}: {first['msg']}, not {first['input']!r}") from None
