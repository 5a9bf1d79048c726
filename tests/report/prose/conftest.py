"""The views that the tests of the statistics make by hand."""

from tests.statistics.conftest import make_view, noisy, rules

__all__ = ["make_view", "noisy", "rules"]
