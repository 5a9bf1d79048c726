"""What every section of params.yaml is made of, and what every file that a section ends in."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# Far beyond any machine, and still small enough for every library's whole numbers.
Count = Annotated[int, Field(ge=1, le=10**12)]


class Section(BaseModel):
    """Frozen, strict, and without room for unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
