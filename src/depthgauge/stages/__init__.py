"""Stages, a command each: they read artifacts, call the core and write artifacts."""
