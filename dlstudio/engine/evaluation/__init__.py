"""Metrics, mistakes and verdicts of trained models."""
