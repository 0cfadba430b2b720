"""The canvas: a model as cards and wires."""
