"""The page's figures: one module for each, all of plotly and in one style."""
