"""One small class for each thing the mouse does on the canvas."""
