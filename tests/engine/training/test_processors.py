"""Bit-for-bit guarantees hold on other processors, too.

TensorFlow selects kernels by the processor's vector instructions, and oneDNN by those
that are enabled. A subprocess runs the tests of the guarantees with each setting; if
the processor lacks the enabled instructions, the default is used and the tests still
hold.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROCESSORS = (
    {"ONEDNN_MAX_CPU_ISA": "AVX2"},
    {"ONEDNN_MAX_CPU_ISA": "SSE41"},
    {"TF_ENABLE_ONEDNN_OPTS": "0"},
)
PROMISES = (
    "test_kill.py",
    "test_reproduction.py::test_a_steered_training_is_reproduced_bit_for_bit",
    "test_steering.py::test_streamed_images_are_weighted_like_those_in_memory",
)
"""A killed training resumes to the same weights; a reproduced run is identical; it does
not matter whether images are in memory.
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
]


@pytest.mark.parametrize(
    "processor", PROCESSORS, ids=lambda each: "-".join(*each.items())
)
def test_promises_of_equal_bits_hold(processor: dict[str, str]) -> None:
    tests = [f"tests/engine/training/{each}" for each in PROMISES]
    chosen = "not kill or later"  # one of the kill places
    options = ["-q", "-k", chosen, "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=ROOT,
        env=os.environ | processor,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
