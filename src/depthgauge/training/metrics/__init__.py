"""Metrics, one a module, measured from the weights that training kept."""

HELPERS = ("metric", "measure")
