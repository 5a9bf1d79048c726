"""Losses, one a module."""

HELPERS = ("loss",)
