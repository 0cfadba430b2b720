"""The training benchmark runs; its figures are for people, not for a test."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_benchmark_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(__file__).with_name("bench_training.py")
    spec = importlib.util.spec_from_file_location("bench_training", path)
    assert spec is not None and spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench_training", bench)
    spec.loader.exec_module(bench)
    assert bench.main(["--quick", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (row,) = found["rows"]
    assert row["ours"] > 0 and row["plain"] > 0
    assert found["geometric_mean"] == pytest.approx(row["ratio"])
