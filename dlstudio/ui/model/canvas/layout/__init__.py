"""Layout of nodes and edges. Independent of Qt."""
