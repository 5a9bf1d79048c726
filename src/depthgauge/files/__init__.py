"""The files that stages hand to each other: one module for each, read and write together."""
