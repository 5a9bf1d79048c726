"""Raw tables as people write them, read as text, so that an error can name row and column."""
