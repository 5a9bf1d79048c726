"""Kinds of data, one a module."""

HELPERS = ("columns", "kind", "rows")
