"""Jobs on worker threads, reported through signals."""

from dlstudio.workers import qt as qt
