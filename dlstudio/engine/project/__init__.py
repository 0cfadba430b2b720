"""Data preparation, checks and analysis of a whole project."""
