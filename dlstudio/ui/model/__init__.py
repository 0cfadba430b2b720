"""The Model room: palette, canvas, inspector and the panels below the canvas."""
