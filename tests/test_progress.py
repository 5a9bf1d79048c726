"""Lines for the person who waits."""

from depthgauge.progress import named_values


def test_whole_numbers_are_told_whole():
    values = {"learning_rate": 0.00123456, "batch_size": 100000, "width": 12345}
    assert named_values(values, values) == "learning_rate 0.001235, batch_size 100000, width 12345"
