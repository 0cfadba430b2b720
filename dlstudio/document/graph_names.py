"""Names of graphs that mean something."""

MODEL = "model"
"""Name of the graph that is trained."""
