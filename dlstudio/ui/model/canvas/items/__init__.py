"""Graphics items of nodes, groups and edges, and their painting."""
