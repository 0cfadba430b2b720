"""What JSON calls it that a sample may have any number of labels.

The records of runs, reports, scans and model cards have had this key from the first
version on, and programs read it.
"""

from __future__ import annotations

from typing import Final

SEVERAL_LABELS: Final = "multi_label"
