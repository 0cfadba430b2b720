"""Shape inference for layers and whole graphs, without making weights."""
