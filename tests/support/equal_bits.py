"""How trainings end, bit for bit; also as a program that compares such ends.

    python equal_bits.py FOLDER

FOLDER/killed has a killed training of `killed_project`. The program resumes it, trains
the same without an interruption and repeats that, and fails where a bit differs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import killed_project
import numpy as np
from tiny import mapped, tiny_samples

from dlstudio.catalog.store import Catalog
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import INTERRUPTED, Run, RunStore


def ending(run: Run) -> tuple[list[bytes], dict[str, Any]]:
    """All variables, including optimizer and random state, and the loop's state."""
    newest, damaged = Checkpoints(run.checkpoints).newest()
    assert newest is not None and not damaged
    state = {name: value for name, value in newest.state.items() if name != "seconds"}
    return [np.asarray(array).tobytes() for array in newest.arrays], state


def model_weights(run: Run) -> list[bytes]:
    """The weights of the saved model."""
    import keras

    assert run.model_path is not None
    model = keras.saving.load_model(run.model_path, safe_mode=True)
    return [np.asarray(array).tobytes() for array in model.get_weights()]


def only_run(folder: Path) -> Run:
    """The run of a project that has one."""
    (run,) = RunStore(folder).all()
    return run


def whole_training(folder: Path) -> Run:
    """The training without an interruption, from images in memory."""
    killed_project.train(folder, "", "", 0, True, lambda: None)
    run = only_run(folder)
    assert run.record.outcome == "succeeded"
    return run


def resumed_training(folder: Path) -> Run:
    """The killed training, resumed. Its images are streamed now: that is no matter."""
    run = only_run(folder)
    assert run.outcome == INTERRUPTED and run.model_path is None
    killed_project.train(folder, run.id[:-1], "", 0, False, lambda: None)
    return only_run(folder)


def assert_same(run: Run, whole: Run) -> None:
    """Both have succeeded with the same metrics, variables and weights."""
    assert run.record.outcome == "succeeded"
    assert run.record.metrics == whole.record.metrics
    assert ending(run) == ending(whole)
    assert model_weights(run) == model_weights(whole)


def main(folder: Path) -> None:
    """Compare the ends of the resumed, the whole and the repeated training."""
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.reproduction import reproduce
    from dlstudio.engine.training.trainer import TrainerDependencies

    (folder / "whole").mkdir()
    whole = whole_training(folder / "whole")
    assert_same(resumed_training(folder / "killed"), whole)
    samples = mapped(tiny_samples(), folder / "images.npy")
    found = reproduce(
        folder / "whole",
        whole.id,
        Catalog.load(),
        lambda event: None,
        StopSource().token,
        TrainerDependencies(lambda _project: samples),
    )
    assert found.identical and found.weights_difference == 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
