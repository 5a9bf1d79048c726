"""For notebooks and scripts: what the pipeline does, on what is in memory, and its results."""
