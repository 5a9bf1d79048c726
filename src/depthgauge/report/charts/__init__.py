"""The page's figures: one module for each, all of Vega-Altair and in one style."""
