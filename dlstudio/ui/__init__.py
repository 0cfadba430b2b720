"""The user interface. It uses Qt, and never imports the engine, the data or Keras."""

from dlstudio.workers import qt as qt
