"""Jobs on threads of their own, reported as signals."""

from dlstudio.workers import qt as qt
