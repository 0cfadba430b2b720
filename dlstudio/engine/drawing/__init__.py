"""Drawings of graphs as files: SVG, PNG and PDF."""
