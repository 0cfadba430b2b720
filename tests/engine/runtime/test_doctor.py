"""The doctor reports the system, even if TensorFlow is broken."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dlstudio import paths
from dlstudio.cli.output import plain
from dlstudio.engine.runtime import doctor
from dlstudio.engine.runtime.doctor import examine


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A stand-in for an interpreter, written by the tests."""
    if sys.platform == "win32":
        pytest.skip("there are no such scripts there")
    return tmp_path / "python"


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def answer(**changes: object) -> str:
    given = {"version": "2.21.0", "keras": "3", "built_with_cuda": True, "gpus": []}
    return f"echo '{json.dumps({**given, **changes})}'"


def test_this_machine() -> None:
    found = examine()
    assert found.tensorflow_works and found.problem == ""
    assert found.packages["tensorflow"] and found.packages["keras"]
    assert found.gpus.used == ()
    assert any("CUDA_VISIBLE_DEVICES" in reason for reason in found.gpus.reasons)
    assert found.cores >= 1 and found.memory_bytes > 2**20
    assert found.disk_free_bytes > 0
    json.dumps(plain(found.to_json()), allow_nan=False)


def test_a_tensorflow_that_raises(python: Path) -> None:
    found = examine(script(python, "echo 'ImportError: no tensorflow' >&2; exit 1"))
    assert not found.tensorflow_works
    assert found.problem == "ImportError: no tensorflow"
    assert found.advice and found.gpus.reasons == ()


def test_a_tensorflow_that_crashes(python: Path) -> None:
    found = examine(script(python, "kill -ILL $$"))
    assert not found.tensorflow_works and "status" in found.problem


def test_no_python_at_all(tmp_path: Path) -> None:
    assert not examine(str(tmp_path / "nothing")).tensorflow_works


def test_gpus_that_are_used_need_no_reason(python: Path) -> None:
    found = examine(script(python, answer(gpus=["NVIDIA H200"])))
    assert found.gpus.used == ("NVIDIA H200",) and found.gpus.reasons == ()


@pytest.mark.parametrize(
    ("said", "built", "word"),
    [
        ("W0 Cannot dlopen some GPU libraries.", True, "--gpu"),
        ("", False, "without CUDA"),
        ("E0 CUDA_ERROR_UNKNOWN", True, "CUDA_ERROR_UNKNOWN"),
    ],
)
def test_why_a_gpu_is_not_used(
    python: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    built: bool,
    word: str,
) -> None:
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    monkeypatch.setattr(doctor, "_driver_gpus", lambda: ("H200, 143 GB",))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    text = answer(built_with_cuda=built)
    found = examine(script(python, f"echo '{said}' >&2; {text}"))
    assert found.gpus.found == ("H200, 143 GB",)
    assert word in found.gpus.reasons[0]


def test_the_cache_is_weighed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cache" / "inner").mkdir(parents=True)
    (tmp_path / "cache" / "inner" / "file").write_bytes(bytes(1000))
    monkeypatch.setattr(paths, "user_cache", lambda: tmp_path / "cache")
    found = examine(str(tmp_path / "nothing"))
    assert found.cache_bytes == 1000
    assert found.cache_folder == str(tmp_path / "cache")
