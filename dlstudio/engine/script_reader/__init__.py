"""Keras scripts back to graphs: parsed, never run."""
