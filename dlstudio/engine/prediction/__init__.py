"""Trained models and what they predict."""
