"""Heads: which labels, activations, losses and metrics belong together."""
