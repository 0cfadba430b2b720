"""dlstudio: a desktop studio for Keras."""

__version__ = "0.1.0"
