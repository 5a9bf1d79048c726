"""What several stages do: train replicates of a point, judge all views."""
