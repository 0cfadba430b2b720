"""Which files hold a Keras model, by their names."""

from __future__ import annotations

MODEL_SUFFIXES = (".keras", ".h5", ".hdf5")
SCRIPT_SUFFIXES = (".py", ".ipynb")
"""Programs that build a model."""
