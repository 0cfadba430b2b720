"""The graphics items of nodes, groups and edges, and how they are painted."""
