"""The window. Knows Qt; never keras, tensorflow, the engine or the data."""

from dlstudio.workers import qt as qt
