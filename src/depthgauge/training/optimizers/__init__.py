"""Optimizers, one a module."""

HELPERS = ("optimizer",)
