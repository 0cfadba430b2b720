"""Silencing Pillow's warnings.

Output of C libraries is silenced by `dlstudio.data.standard_error`. Relevant problems
are reported as findings or errors instead.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image

# Python prints logged errors for which there is no handler.
logging.getLogger("PIL").addHandler(logging.NullHandler())


class QuietPillow:
    """Silences Pillow's warnings while any thread is inside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._filters: Any = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL\.")
                warnings.filterwarnings(
                    "ignore", category=Image.DecompressionBombWarning
                )
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self._filters.__exit__(None, None, None)


quiet_pillow = QuietPillow()
