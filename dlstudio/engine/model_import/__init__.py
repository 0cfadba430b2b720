"""Keras models as graphs: from their configuration, which is data and never run."""
