"""Offscreen Qt, and a project that has a trained run."""

from __future__ import annotations

import os
import sys

from digits_world import digit_files, trained_folder, world
from table_world import photos, tables, trained_photos, trained_tables

if sys.platform == "linux" and "DLSTUDIO_TEST_DISPLAY" not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

__all__ = (
    "digit_files",
    "photos",
    "tables",
    "trained_folder",
    "trained_photos",
    "trained_tables",
    "world",
)
