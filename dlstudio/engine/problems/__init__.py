"""Families of checks; `engine.check` holds the list of them."""
