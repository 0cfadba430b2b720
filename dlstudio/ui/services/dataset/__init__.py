"""The open dataset: read, examined, split, and filtered by the recipe."""
