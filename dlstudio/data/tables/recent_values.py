"""The last few values that were made of a large table, such as columns as read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

RECENT = 2
"""Values that are remembered: a column, and the target beside it."""


class RecentValues:
    """The last few values that were made, of any number of threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: OrderedDict[object, object] = OrderedDict()

    def get(self, key: object, make: Callable[[], object]) -> object:
        """The value of a key, made unless it is one of the last few.

        Args:
            key: Whose value it is.
            make: Makes it, perhaps twice at the same time.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > RECENT:
                self._values.popitem(last=False)
        return made
