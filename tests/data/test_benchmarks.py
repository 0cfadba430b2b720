"""The benchmarks of this part run, in a few seconds, on a few pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The folder of benchmarks can be imported from."""
    folder = Path(__file__).parents[1] / "benchmarks"
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    yield
    for name in ("bench_pictures", "bench_memory"):
        sys.modules.pop(name, None)


def test_pictures(benchmarks: None, capsys: pytest.CaptureFixture[str]) -> None:
    import bench_pictures

    assert bench_pictures.main(["--quick", "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["pictures"] == 70 and set(result["ratios"]) == {"first", "later"}
    bench_pictures.report(result)
    assert "| later |" in capsys.readouterr().out


def test_memory(
    benchmarks: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import bench_memory

    def child(*arguments: str) -> dict[str, Any]:
        # In this process, since another would import TensorFlow again.
        _flag, kind, *rest = arguments
        return bench_memory.bare() if kind == "bare" else bench_memory.ours(Path(*rest))

    monkeypatch.setattr(bench_memory, "child", child)
    assert bench_memory.main(["--quick", "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["pictures"] == 60 and 0 < result["bare_mib"] <= result["peak_mib"]
