"""Drawings of the canvas as files."""
