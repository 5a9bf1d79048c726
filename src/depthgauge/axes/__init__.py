"""What an experiment sweeps, an axis a module."""

HELPERS = ("axis",)
