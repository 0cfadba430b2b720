"""The open dataset: read, examined, split, and seen through the recipe."""
