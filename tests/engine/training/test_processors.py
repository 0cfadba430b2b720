"""What is promised bit for bit holds on other processors, too.

TensorFlow chooses its kernels by the processor's vector instructions, and oneDNN by
those it is allowed. A child runs the tests of the promise with each choice; where the
processor lacks more than is allowed, the choice is the usual one and the tests hold
all the same.
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
    "test_steering.py::test_streamed_pictures_are_weighed_as_those_in_memory",
)
"""A killed training goes on to the same weights; a run trained again is the same run;
where the images lie makes no difference."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
]


@pytest.mark.parametrize(
    "processor", PROCESSORS, ids=lambda each: "-".join(*each.items())
)
def test_promises_of_equal_bits_hold(processor: dict[str, str]) -> None:
    tests = [f"tests/engine/training/{each}" for each in PROMISES]
    chosen = "not kill or later or validated"  # two of the places of a kill
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
    assert "4 passed" in done.stdout
