"""A trained network that takes raw rows and answers in the target's own unit."""
