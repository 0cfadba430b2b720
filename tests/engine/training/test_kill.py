"""A training killed anywhere resumes to the same weights as an uninterrupted one."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import killed_project
import numpy as np
import pytest
from warm_processes import WarmProcesses

from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import INTERRUPTED, Run, RunStore

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


def only_run(folder: Path) -> Run:
    (run,) = RunStore(folder).all()
    return run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The uninterrupted training."""
    folder = tmp_path_factory.mktemp("whole")
    killed_project.train(folder, "", "", 0, True, lambda: None)
    run = only_run(folder)
    assert run.record.outcome == "succeeded"
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
    run = only_run(tmp_path)
    assert run.outcome == INTERRUPTED
    assert run.model_path is None
    if "written" in place:
        assert list(run.checkpoints.glob(".writing-*"))
    # Streamed now, from memory before: that must not matter.
    killed_project.train(tmp_path, run.id[:-1], "", 0, False, lambda: None)
    resumed = only_run(tmp_path)
    assert resumed.record.outcome == "succeeded"
    assert resumed.record.metrics == whole.record.metrics
    same_ending(resumed, whole)
    assert model_weights(resumed) == model_weights(whole)


def same_ending(run: Run, whole: Run) -> None:
    """Compare all variables bit for bit, including optimizer and random state."""
    (arrays, state), (expected, expected_state) = final(run), final(whole)
    assert state == expected_state
    assert len(arrays) == len(expected)
    for array, other in zip(arrays, expected, strict=True):
        assert array.tobytes() == other.tobytes()


def final(run: Run) -> tuple[list[Any], Any]:
    newest, damaged = Checkpoints(run.checkpoints).newest()
    assert newest is not None and not damaged
    state = {k: v for k, v in newest.state.items() if k != "seconds"}
    return newest.arrays, state


def model_weights(run: Run) -> list[bytes]:
    import keras

    assert run.model_path is not None
    model = keras.saving.load_model(run.model_path, safe_mode=True)
    return [np.asarray(array).tobytes() for array in model.get_weights()]
