"""The view of the scene: zoom, pan, autoscroll and the dotted background."""
