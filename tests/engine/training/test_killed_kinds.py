"""Whatever is trained: killed anywhere, it resumes to the same weights, bit for bit."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import killed_features
import numpy as np
import pytest
from warm_processes import WarmProcesses

from dlstudio.engine.prediction.model_file import load_model
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import INTERRUPTED, Run, RunStore

PLACES = [
    (killed_features.STRINGS, 9),
    (killed_features.CLASS, 5),
    (killed_features.NUMBER, 8),
    (killed_features.TEXT, 5),
    (killed_features.LENGTHS, 5),
    (killed_features.TAGS, 5),
    (killed_features.PAIRS, 5),
    (killed_features.LANGUAGE, 5),
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The uninterrupted training of a kind."""

    @cache
    def train(kind: str) -> Run:
        folder = tmp_path_factory.mktemp("whole")
        run: Run = killed_features.train(folder, kind=kind)
        assert run.outcome == "succeeded", run.record.message
        return run

    return train


def ending(run: Run) -> tuple[list[bytes], Any, dict[str, float]]:
    """All variables bit for bit, the loop's state and the metrics."""
    newest, damaged = Checkpoints(run.checkpoints).newest()
    assert newest is not None and not damaged
    state = {k: v for k, v in newest.state.items() if k != "seconds"}
    return [a.tobytes() for a in newest.arrays], state, dict(run.record.metrics)


def weights(run: Run) -> list[Any]:
    assert run.model_path is not None
    model: Any = load_model(run.model_path)
    return [np.asarray(each) for each in model.get_weights() if each.dtype != object]


def test_every_kind_is_killed_somewhere() -> None:
    assert {kind for kind, _at in PLACES} == set(killed_features.KINDS)


@pytest.mark.parametrize(("kind", "kill_at"), PLACES)
def test_killed_and_resumed_it_ends_the_same(
    whole: Any, warm: WarmProcesses, tmp_path: Path, kind: str, kill_at: int
) -> None:
    killed_features.train_killed(warm, tmp_path, kill_at, kind)
    (run,) = RunStore(tmp_path).all()
    assert run.outcome == INTERRUPTED
    # Streamed now, from memory before: that must not matter.
    killed_features.train(tmp_path, run.id, kind=kind, resident=False)
    (resumed,) = RunStore(tmp_path).all()
    assert ending(resumed) == ending(whole(kind))
    for mine, other in zip(weights(resumed), weights(whole(kind)), strict=True):
        np.testing.assert_array_equal(mine, other)
