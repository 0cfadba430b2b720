"""Drawings of graphs as shapes and texts, which SVG, PNG and PDF are written from."""
