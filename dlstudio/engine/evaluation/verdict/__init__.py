"""Verdicts: what a run learned, likely causes, and suggestions. No TensorFlow."""
