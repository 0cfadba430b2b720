"""The canvas: a model as cards and connections."""
