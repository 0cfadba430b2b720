"""Progress of a job, reported a few times a second."""

from __future__ import annotations

import time
from dataclasses import dataclass

from dlstudio.workers.jobs import ReportingContext

REPORT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress as done and total, in items or bytes."""

    done: int
    total: int


class ThrottledProgress:
    """Reports `Progress` a few times a second, however small the steps."""

    def __init__(self, context: ReportingContext[Progress]) -> None:
        self._context = context
        self._last = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Set the progress."""
        now = time.monotonic()
        if now - self._last > REPORT_SECONDS or done == total:
            self._last = now
            self._context.report(Progress(done, total))
