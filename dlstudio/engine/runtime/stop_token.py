"""Stopping: the starter holds the right to stop, the worker may only ask."""

from __future__ import annotations

import threading

from dlstudio.data.parallel import Stopped

__all__ = ("StopSource", "StopToken", "Stopped")


class StopToken:
    """What the worker gets: it can be asked, not changed."""

    def __init__(self, event: threading.Event) -> None:
        self._event = event

    @property
    def stop_requested(self) -> bool:
        """The starter wants an end, as soon as possible."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Stopped` when an end is wished."""
        if self._event.is_set():
            raise Stopped


class StopSource:
    """What the starter keeps; `token` is for the worker. Safe from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.token = StopToken(self._event)

    def stop(self) -> None:
        """Ask the worker to end; asking again changes nothing."""
        self._event.set()
