"""Parallel processing with progress and cancellation."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

Progress = Callable[[int, int], None]
"""Called with (done, total), on the thread that started the work."""
ShouldStop = Callable[[], bool]

MOST_THREADS = 16


class Stopped(Exception):
    """The work was cancelled; finished results are kept."""


def check_stop(should_stop: ShouldStop | None) -> None:
    """Raise `Stopped` if `should_stop` returns True."""
    if should_stop is not None and should_stop():
        raise Stopped


def in_parallel(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    should_stop: ShouldStop | None = None,
    threads: int = 0,
) -> Iterator[Result]:
    """Apply `function` to each item on several threads; results are in order.

    Only a few items are in progress or queued at any time, so memory stays bounded. On
    an error, a stop or Ctrl-C, items in progress are finished and the rest dropped.

    Args:
        function: Called on several threads at the same time.
        items: Consumed lazily, as results are consumed.
        should_stop: Checked before each item.
        threads: Number of threads; 0 to choose by the number of processors.

    Raises:
        Stopped: `should_stop` returned True.
    """
    # More threads than processors: some wait for the disk or for the interpreter.
    count = threads or min(MOST_THREADS, 2 * (os.cpu_count() or 1))
    pool = ThreadPoolExecutor(count, thread_name_prefix="dlstudio-data")
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            check_stop(should_stop)
            waiting.append(pool.submit(function, item))
            if len(waiting) > 2 * count:
                yield waiting.popleft().result()
        while waiting:
            check_stop(should_stop)
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
