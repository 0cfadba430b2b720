"""The Train room's benchmark runs; its figures are for people, mostly."""

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
    path = Path(__file__).with_name("bench_train_room.py")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, str(path), "--quick", "--json"],
        check=True,
        env=environment,
        stdout=subprocess.PIPE,
        timeout=240,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["bytes_per_step"] <= 64
    assert found["redraw_ms"] > 0
    for name in ("stop_seconds", "pause_seconds", "closing_seconds"):
        assert 0 < found[name] < 30
    assert found["stop_in_validation"] > 0 and found["pause_in_validation"] > 0
    assert found["epoch_seconds_watched"] > 0
