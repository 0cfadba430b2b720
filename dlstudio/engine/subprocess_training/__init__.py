"""Training in a subprocess: the program survives whatever happens there."""

SWITCH = "--train-child"
"""Argument that makes a single-file program act as the training process."""
