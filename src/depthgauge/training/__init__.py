"""All replicates of one point, trained at once."""
