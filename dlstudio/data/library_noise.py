"""Keeping what Pillow warns of away from the user.

What libraries in C print past Python is silenced by `dlstudio.data.standard_error`.
What matters of either is reported as a finding or an error.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image

# Python prints errors that are logged where nobody listens.
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
