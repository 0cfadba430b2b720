"""Edits of the graph: insert, group, nest, align, copy and paste nodes."""
