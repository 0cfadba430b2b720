"""The inspector: parameters, help and output of the selected nodes."""
