"""Where overfitting begins, and how far to trust the answer."""
