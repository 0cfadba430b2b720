"""Checks that find problems and offer fixes; `problems.check` lists them."""
