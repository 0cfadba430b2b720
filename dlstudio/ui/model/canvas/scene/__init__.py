"""The scene of one graph: its layers of edges and groups, selection, hit test."""
