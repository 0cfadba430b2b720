"""The benchmark of the canvas runs."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

FILE = Path(__file__).parents[3] / "benchmarks" / "bench_canvas.py"


def test_it_prints_its_table(
    qapp: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = importlib.util.spec_from_file_location("bench_canvas", FILE)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    style = qapp.styleSheet()
    assert bench.main(["--quick"]) == 0
    qapp.setStyleSheet(style)
    table = capsys.readouterr().out
    for row in ("open", "pan at 100 %", "zoom in", "add a node", "undo adding a node"):
        assert f"| {row}" in table
