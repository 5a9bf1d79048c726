"""What the notebooks show: short experiments, networks and results, by the package's own parts."""
