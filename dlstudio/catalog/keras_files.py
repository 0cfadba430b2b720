"""Which files hold a Keras model, or what one was converted to, by their names."""

from __future__ import annotations

MODEL_SUFFIXES = (".keras", ".h5", ".hdf5")
SCRIPT_SUFFIXES = (".py", ".ipynb")
"""Programs that build a model."""
CONVERTED_SUFFIXES = (".tflite", ".onnx")
"""Models that were converted: they can be viewed, but not trained."""
