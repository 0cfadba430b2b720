"""Prepared images on disk."""
