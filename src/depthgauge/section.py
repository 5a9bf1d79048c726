"""The base of every section of params.yaml, and the kinds of numbers that sections share."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

# Far beyond any machine, and still small enough for every library's whole numbers.
Count = Annotated[int, Field(ge=1, le=10**12)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Counted(NamedTuple):
    """What a setting counts, in words: "hidden layer", "hidden layers", and what none of it is."""

    one: str
    several: str
    none: str | None = None


# The type of what `refuse` makes.
RULE = "rule"


class Section(BaseModel):
    """Frozen, strict, and without room for unknown keys; a field is explained by its docstring."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def leaves(content: object, key: str = "", mark: str = ".") -> Iterator[tuple[str, Any]]:
    """What nested mappings hold, by their keys joined with `mark`; an empty one is a leaf."""
    if not isinstance(content, Mapping) or not content:
        yield key, content
        return
    for name, value in content.items():
        yield from leaves(value, f"{key}{mark}{name}" if key else str(name), mark)


def refuse(said: str) -> PydanticCustomError:
    """The error of a validator: what is wrong where it stands, to be shown behind the key."""
    # As a value: braces in it must not be filled in.
    return PydanticCustomError(RULE, "{said}", {"said": said})
