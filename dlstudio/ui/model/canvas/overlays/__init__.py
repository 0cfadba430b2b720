"""Widgets and popups over the canvas: hints, problems, map, search, chooser."""
