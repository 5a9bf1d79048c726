"""What an experiment sweeps."""
