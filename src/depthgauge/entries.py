"""Openings: packages in which every module is an entry, found by the module's name.

A loss is a module of `training/losses`, an axis one of `axes`: to add one, add a file. A module
holds its entry as `ENTRY`; modules that hold none are named by the package as `HELPERS`. Entries
import torch inside functions alone, so that settings load without it.
"""

import difflib
import pkgutil
import reprlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pydantic import GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, InitErrorDetails, core_schema

from depthgauge.section import Section, refuse


def entry_names(package: str) -> tuple[str, ...]:
    """The names of all entries of a package, in alphabetical order."""
    module = import_module(package)
    names = {found.name for found in pkgutil.iter_modules(module.__path__)}
    return tuple(sorted(names.difference(getattr(module, "HELPERS", ()))))


def find_entry(package: str, name: str) -> Any:
    """The entry of that name. Raises ValueError naming those there are, and the nearest."""
    if name not in entry_names(package):
        raise ValueError(what_is_right(entry_names(package), name))
    return import_module(f"{package}.{name}").ENTRY


def one_of(names: Sequence[str]) -> str:
    """As in a sentence: "a, b or c"."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def what_is_right(names: Sequence[str], name: object) -> str:
    """What to say of a name that is none of `names`, behind the key where it stands."""
    shown = "empty" if name is None else f"{reprlib.repr(name)} ({type(name).__name__})"
    nearest = difflib.get_close_matches(str(name)[:100], names, n=1)
    return f"must be {one_of(names)}, not {shown}" + (
        f"; did you mean {nearest[0]}?" if nearest else ""
    )


@dataclass(frozen=True)
class EntryName:
    """Annotates a setting that is the name of an entry."""

    package: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The names of the entries."""
        return entry_names(self.package)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._known, handler(source))

    def _known(self, name: str) -> str:
        if name not in self.choices:
            raise refuse(what_is_right(self.choices, name))
        return name


@dataclass(frozen=True)
class ListOf:
    """Annotates a list of such settings, for its explanation alone."""

    package: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The names of the entries."""
        return entry_names(self.package)


@dataclass(frozen=True)
class EntrySetting(EntryName):
    """Annotates a setting that is an entry: a mapping of its name, under `tag`, and its settings.

    The name alone will do where the entry needs no settings.
    """

    tag: str

    def model_of(self, value: object) -> type[Section] | None:
        """The entry that a value of the setting names; None where it names none."""
        name = self._tagged(value).get(self.tag) if isinstance(value, dict) else value
        known = isinstance(name, str) and name in entry_names(self.package)
        return find_entry(self.package, str(name)) if known else None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._validate, handler(source))

    def _tagged(self, value: dict[str, Any]) -> dict[str, Any]:
        """With its tag, where a key tells it that only one entry has."""
        by_key = getattr(import_module(self.package), "BY_KEY", {})
        meant = [name for key, name in by_key.items() if key in value]
        return value if self.tag in value or not meant else {self.tag: meant[0], **value}

    def _validate(self, value: object) -> object:
        if not isinstance(value, dict | str):
            return value
        content = {self.tag: value} if isinstance(value, str) else self._tagged(value)
        if (model := self.model_of(value)) is not None:
            return model.model_validate(content)
        name = content.get(self.tag)
        said = what_is_right(entry_names(self.package), name)
        detail = InitErrorDetails(type=refuse(said), loc=(self.tag,), input=name)
        raise ValidationError.from_exception_data(self.tag, [detail])
