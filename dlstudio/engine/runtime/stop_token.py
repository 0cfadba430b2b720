"""Stop requests: a `StopSource` requests a stop, a `StopToken` checks for it."""

from __future__ import annotations

import threading

from dlstudio.data.parallel import Stopped

__all__ = ("StopSource", "StopToken", "Stopped")


class StopToken:
    """The worker's read-only view of a stop request."""

    def __init__(self, event: threading.Event) -> None:
        self._event = event

    @property
    def stop_requested(self) -> bool:
        """Whether a stop was requested."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Stopped` if a stop was requested."""
        if self._event.is_set():
            raise Stopped


class StopSource:
    """Requests a stop; pass `token` to the worker. Thread-safe."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.token = StopToken(self._event)

    def stop(self) -> None:
        """Request the worker to stop; further calls have no effect."""
        self._event.set()
