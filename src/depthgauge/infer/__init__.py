"""From a table that nobody has described to the settings of a first experiment."""
