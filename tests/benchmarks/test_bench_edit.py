"""The measurement of editing runs and measures what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

PATH = Path(__file__).with_name("bench_edit.py")


def test_every_edit_is_measured() -> None:
    done = subprocess.run(
        [sys.executable, str(PATH), "--quick"],
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    head, titles, *rows = done.stdout.splitlines()
    assert "100 layers" in head and "median" in titles
    assert len(rows) == 8
    for row in rows:
        median = float(row[34:43])
        assert 150 <= median < 10_000, "the rest of 150 ms is in every figure"
