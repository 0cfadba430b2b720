"""Python code of custom layers, run only if it is trusted."""
