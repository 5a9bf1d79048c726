"""What the page and the answer say, in sentences."""
