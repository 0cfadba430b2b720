"""Working through many things at once, with progress and a way to stop."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

Progress = Callable[[int, int], None]
"""Called with how many are done, of how many, on the thread that started the work."""
ShouldStop = Callable[[], bool]

MOST_THREADS = 16


class Stopped(Exception):
    """The work was asked to stop; what is done is kept."""


def check_stop(should_stop: ShouldStop | None) -> None:
    """Raise `Stopped` if asked to stop."""
    if should_stop is not None and should_stop():
        raise Stopped


def in_parallel(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    should_stop: ShouldStop | None = None,
    threads: int = 0,
) -> Iterator[Result]:
    """`function` of each item, in the items' order, by several threads.

    Only a few items are in work or waiting at any time, so memory stays flat. On
    an error, a stop or Ctrl-C what is in work is finished and the rest dropped.

    Args:
        function: Called on several threads at the same time.
        items: Taken one by one, as results are taken.
        should_stop: Checked before each item.
        threads: How many; 0 for as many as suit this machine.

    Raises:
        Stopped: `should_stop` said so.
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
