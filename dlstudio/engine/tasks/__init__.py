"""Tasks: which labels, heads, losses and figures belong together."""
