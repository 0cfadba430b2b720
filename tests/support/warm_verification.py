"""Exports are verified in processes that have TensorFlow already, but no dlstudio."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from warm_processes import WarmProcesses


@contextmanager
def warm_verification(warm: WarmProcesses) -> Iterator[None]:
    """Verify them so, within the block."""
    from dlstudio.engine.export import verification

    def run_warm(folder: Path, *_process: object) -> None:
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
        command = [str(verification.RUNNER), str(folder)]
        done = warm.run(command, environment, folder)
        (folder / "log.txt").write_text(done.stdout + done.stderr, "utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verification, "_run", run_warm)
        yield
