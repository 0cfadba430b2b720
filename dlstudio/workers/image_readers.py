"""Imports what reads and shows images; imported on a thread before the first drop."""

from __future__ import annotations

import dlstudio.data.images.scan
import dlstudio.data.images.thumbnail  # noqa: F401
