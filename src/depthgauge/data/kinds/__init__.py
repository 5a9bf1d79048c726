"""Kinds of data: what a row is, and how it becomes an example."""
