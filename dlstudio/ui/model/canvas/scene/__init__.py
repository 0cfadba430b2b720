"""The scene of a graph: layers of edges and groups, selection and hit test."""
