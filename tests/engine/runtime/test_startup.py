"""TensorFlow is loaded quietly, with the required Keras settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dlstudio.engine.runtime.startup import start_tensorflow
from dlstudio.errors import UserError

PROGRAM = """
from dlstudio.engine.runtime.startup import start_tensorflow
tensorflow = start_tensorflow()
import keras
tensorflow.constant(1.0) + 1.0
print(keras.backend.backend(), keras.config.floatx(), keras.config.image_data_format())
"""


def test_it_is_quiet_and_ignores_settings_of_other_programs(tmp_path: Path) -> None:
    settings = {
        "backend": "jax",
        "floatx": "float16",
        "image_data_format": "channels_first",
    }
    (tmp_path / "keras.json").write_text(json.dumps({**settings, "epsilon": 1e-7}))
    environment = {
        **os.environ,
        "KERAS_HOME": str(tmp_path),
        "KERAS_BACKEND": "jax",
        "TF_CPP_MIN_LOG_LEVEL": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )
    assert done.stdout.split() == ["tensorflow", "float32", "channels_last"]
    assert done.stderr == ""


def test_a_second_start_is_free() -> None:
    assert start_tensorflow() is start_tensorflow()


def test_a_broken_tensorflow_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(UserError, match="TensorFlow could not be loaded"):
        start_tensorflow()
