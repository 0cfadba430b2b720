"""Dates: an input takes the numbers that a date is encoded as."""

from __future__ import annotations

from dlstudio.catalog.features.date import DATE as DESCRIPTION
from dlstudio.engine.features.encoded_rows import encoded_rows

DATE = encoded_rows(DESCRIPTION)
