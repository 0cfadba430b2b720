"""Builds Keras layers and models from a graph's nodes and edges."""
