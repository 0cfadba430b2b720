"""Word vectors: their training data, their files, and what they know."""
