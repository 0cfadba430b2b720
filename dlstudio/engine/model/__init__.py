"""From a graph's nodes and edges to Keras layers and models."""
