"""Layers that learn from data, and what is computed once before training."""
