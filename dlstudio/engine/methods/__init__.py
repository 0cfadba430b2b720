"""Training methods: how the graphs of a project learn, one module each."""
