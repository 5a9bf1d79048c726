"""Pure functions of explicit arguments: no files, no tracking, no printing, no clocks."""
