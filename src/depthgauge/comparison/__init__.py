"""Runs that others trained: read, grouped by all but the seed, compared, and said in words."""
