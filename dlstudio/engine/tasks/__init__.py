"""Matching labels, heads, losses and metrics, one module per task."""
