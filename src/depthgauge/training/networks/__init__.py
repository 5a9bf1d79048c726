"""Families of networks, one a module."""

HELPERS = ("activations", "layers", "network")
