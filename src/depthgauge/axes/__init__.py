"""Axes, what an experiment sweeps, one a module."""

HELPERS = ("axis",)
