"""Which labels, heads, losses and metrics belong together, one module a task."""
