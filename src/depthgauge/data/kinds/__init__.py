"""Kinds of data, one a module."""

HELPERS = ("kind", "rows")
