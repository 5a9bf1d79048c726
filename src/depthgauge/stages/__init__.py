"""The doors: each stage reads files, calls the core and writes files."""
