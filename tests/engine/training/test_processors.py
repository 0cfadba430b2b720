"""Bit-for-bit guarantees hold on other processors, too.

TensorFlow selects kernels by the processor's vector instructions, and oneDNN by those
that are enabled. Processes with each setting kill a training, resume it, and train and
reproduce the same without an interruption; if the processor lacks the enabled
instructions, the default is used and the guarantees still hold. The resumed training
streams its images, which the others have in memory: that must not matter either.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from warm_processes import WarmProcesses, warm_processes

SUPPORT = Path(__file__).parents[2] / "support"
ROOT = Path(__file__).parents[3]
PROCESSORS = (
    {"ONEDNN_MAX_CPU_ISA": "AVX2"},
    {"ONEDNN_MAX_CPU_ISA": "SSE41"},
    {"TF_ENABLE_ONEDNN_OPTS": "0"},
)
READ_BY_IMPORT = "TF_ENABLE_ONEDNN_OPTS"
"""oneDNN reads its own settings when it is first used, TensorFlow this one before."""
LATER_EPOCH = ("CheckpointSaved", "9")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
]


@pytest.mark.parametrize(
    "processor", PROCESSORS, ids=lambda each: "-".join(*each.items())
)
def test_promises_of_equal_bits_hold(
    warm: WarmProcesses, tmp_path: Path, processor: dict[str, str]
) -> None:
    paths = os.pathsep.join([str(ROOT), str(SUPPORT)])
    environment = {**os.environ, "PYTHONPATH": paths, **processor}
    if READ_BY_IMPORT in processor:
        with warm_processes(environment) as started:
            check(started, environment, tmp_path)
    else:
        check(warm, environment, tmp_path)


def check(warm: WarmProcesses, environment: dict[str, str], folder: Path) -> None:
    """Kill a training, and compare how it ends after that."""
    killed = [str(SUPPORT / "killed_project.py"), str(folder / "killed"), *LATER_EPOCH]
    (folder / "killed").mkdir()
    done = warm.run(killed, environment)
    assert done.returncode == -signal.SIGKILL, done.stderr
    done = warm.run([str(SUPPORT / "equal_bits.py"), str(folder)], environment)
    assert done.returncode == 0, done.stderr
