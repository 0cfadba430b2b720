"""Shape inference for layers and graphs, without creating weights."""
