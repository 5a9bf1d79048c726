"""How files are read and written: whole or not at all, and known by their digests."""
