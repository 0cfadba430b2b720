"""The gallery's benchmark runs; its figures are for people, not for a test."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def test_the_benchmark_runs(
    qapp: QApplication,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = BENCHMARKS / "bench_gallery.py"
    spec = importlib.util.spec_from_file_location("bench_gallery", path)
    assert spec is not None and spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench_gallery", bench)
    spec.loader.exec_module(bench)
    assert bench.main(["--quick", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["pictures"] == 600 and found["first_seconds"] > 0
    assert set(found["scrolling"]) == {"slow", "fast", "jumping"}
    assert bench.table(found).count("\n") == 11
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
