"""Widgets over the canvas: hints, problem cards, map, find bar, layer popup."""
