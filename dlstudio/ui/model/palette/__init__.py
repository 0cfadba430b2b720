"""The list of layers to build with."""
