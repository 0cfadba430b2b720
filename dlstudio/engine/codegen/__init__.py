"""Keras code for a project."""
