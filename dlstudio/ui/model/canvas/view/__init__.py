"""The view of the scene: zoom, pan, automatic scrolling, the dotted background."""
