"""The Model room: palette, canvas, inspector, and what is below them."""
