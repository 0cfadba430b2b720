"""The benchmark of lateness runs; its figures are for people."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6")


@pytest.mark.slow
def test_the_benchmark_runs() -> None:
    path = Path(__file__).with_name("bench_lateness.py")
    done = subprocess.run(
        [sys.executable, str(path), "--quick", "--json"],
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        timeout=240,
    )
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert (found["model"], found["process"]) == ("cnn", "child")
    assert found["outcome"] == "succeeded"
    assert 0 <= found["p99_ms"] <= found["max_ms"] and found["ticks"] > 10
    assert found["own_ms"] > 0
