"""Runs on disk: records, events, checkpoints, metrics, the store. No TensorFlow."""
