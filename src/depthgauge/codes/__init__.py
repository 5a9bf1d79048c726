"""The stable codes of what depthgauge says, and a page on each."""
