"""Ctrl-C and SIGTERM: an exception, or for some commands first a stop request."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any


class Interrupts:
    """Counts interruptions; each raises KeyboardInterrupt in the main thread.

    Does nothing in other threads: Python's signal handlers belong to the main thread.
    """

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._interrupted)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        raise KeyboardInterrupt


@contextmanager
def stop_request_first(request_stop: Callable[[], None]) -> Iterator[None]:
    """Let the first interruption call `request_stop`; the next one raises as before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def handler(number: int, frame: FrameType | None) -> None:
        restore()
        request_stop()

    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        restore()
