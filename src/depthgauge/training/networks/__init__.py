"""Families of networks, one a module."""

HELPERS = ("activations", "layers", "network", "own_file", "own_sources")
# An entry that is meant where one of its keys stands and no family: {class_path: ...}.
BY_KEY = {"class_path": "own"}
