"""A training killed anywhere resumes to the same weights as an uninterrupted one."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from equal_bits import assert_same, only_run, resumed_training, whole_training
from warm_processes import WarmProcesses

from dlstudio.engine.runs.store import Run

PLACES = {
    "before the first checkpoint": ("StepsDone", 1),
    "within the first epoch": ("CheckpointSaved", 2),
    "within a later epoch": ("CheckpointSaved", 9),
    "while a checkpoint is half written": ("writing", 4),
    "validated but not yet saved": ("EpochEnded", 3),
}
SUPPORT = Path(__file__).parents[2] / "support"
ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The uninterrupted training."""
    run = whole_training(tmp_path_factory.mktemp("whole"))
    assert run.record.epochs > 2
    return run


@pytest.mark.parametrize("place", PLACES)
def test_a_killed_training_resumes_to_the_same_weights(
    whole: Run, warm: WarmProcesses, tmp_path: Path, place: str
) -> None:
    event, count = PLACES[place]
    paths = os.pathsep.join([str(ROOT), str(SUPPORT)])
    done = warm.run(
        [str(SUPPORT / "killed_project.py"), str(tmp_path), event, str(count)],
        {**os.environ, "PYTHONPATH": paths},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    if "written" in place:
        assert list(only_run(tmp_path).checkpoints.glob(".writing-*"))
    assert_same(resumed_training(tmp_path), whole)
