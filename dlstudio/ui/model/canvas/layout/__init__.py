"""Where nodes and edges are put: boxes, alignment, layers, routes. No Qt."""
