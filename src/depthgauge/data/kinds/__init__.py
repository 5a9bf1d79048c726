"""Kinds of data, a module each: an image, a table or a series so far."""

HELPERS = ("kind",)
