"""TensorFlow's libraries are loaded without blocking other threads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dlstudio.engine.runtime.preload import preload_tensorflow

CODE = """
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from dlstudio.engine.runtime.preload import preload_tensorflow
loaded = preload_tensorflow()
assert "tensorflow" not in sys.modules
maps = open("/proc/self/maps").read()
assert len(loaded) == 2 and all(name in maps for name in loaded), loaded
import tensorflow
assert int(tensorflow.constant(1) + 1) == 2
assert preload_tensorflow() == ()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_libraries_are_there_before_the_import_and_it_works() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_missing_tensorflow_is_left_to_the_import(monkeypatch) -> None:
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert preload_tensorflow() == ()
