"""Optuna's search for the recipe of one point, on the validation split."""
