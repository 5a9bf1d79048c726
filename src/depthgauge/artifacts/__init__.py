"""What lies on disk: one module for each thing, with its path, writer, reader and check."""
