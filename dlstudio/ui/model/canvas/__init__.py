"""The model canvas: a graph drawn as cards and connections."""
