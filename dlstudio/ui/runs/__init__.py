"""Widgets about runs that several rooms share."""
