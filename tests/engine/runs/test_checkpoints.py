"""Checkpoints are written atomically, and damage is always detected."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.engine.runs import checkpoints
from dlstudio.engine.runs.checkpoints import (
    Checkpoints,
    DamagedCheckpoint,
    assign,
    name_of,
)
from dlstudio.errors import UserError

ARRAYS = [
    np.arange(6, dtype=np.float32).reshape(2, 3),
    np.array(7, np.int64),
    np.array([1, 2], np.uint32),
    np.array([True, False]),
    np.array([1.5, -2.0], ml_dtypes.bfloat16),
    np.array([0.5], np.float16),
    np.zeros((0, 3), np.float64),
]


@pytest.fixture
def kept(tmp_path: Path) -> Checkpoints:
    return Checkpoints(tmp_path / "checkpoints")


def test_what_is_saved_comes_back_bit_for_bit(kept: Checkpoints) -> None:
    state = {"epoch": 2, "loss": 0.1 + 0.2, "none": None}
    kept.save(name_of(2, 5), ARRAYS, state)
    found = kept.load("epoch-00002-step-00000005")
    assert found.state == state
    assert len(found.arrays) == len(ARRAYS)
    for array, expected in zip(found.arrays, ARRAYS, strict=True):
        assert array.dtype == expected.dtype and array.shape == expected.shape
        assert array.tobytes() == expected.tobytes()


def test_the_newest_two_and_their_best_are_kept(kept: Checkpoints) -> None:
    for epoch in range(1, 7):
        best = name_of(min(epoch, 2), 0)
        kept.save(name_of(epoch, 0), ARRAYS[:1], {"best_checkpoint": best})
    assert kept.names() == [name_of(epoch, 0) for epoch in (2, 5, 6)]
    # A new best does not delete the old one while the previous checkpoint names it.
    kept.save(name_of(7, 0), ARRAYS[:1], {"best_checkpoint": name_of(7, 0)})
    assert kept.names() == [name_of(epoch, 0) for epoch in (2, 6, 7)]
    kept.save(name_of(8, 0), ARRAYS[:1], {"best_checkpoint": name_of(7, 0)})
    assert kept.names() == [name_of(epoch, 0) for epoch in (7, 8)]


def test_names_sort_by_place() -> None:
    places = [(0, 0), (0, 10), (1, 0), (1, 2), (1, 99_999), (20, 0), (100, 1)]
    names = [name_of(*place) for place in places]
    assert names == sorted(names)


def test_an_unfinished_one_is_not_there(
    kept: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.save(name_of(1, 0), ARRAYS, {})

    def cut(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "_sync", cut)
    with pytest.raises(UserError, match="disk is full"):
        kept.save(name_of(2, 0), ARRAYS, {})
    assert [path.name for path in kept.folder.iterdir()] == [name_of(1, 0)]


def test_what_a_killed_process_left_is_swept_up(kept: Checkpoints) -> None:
    kept.folder.mkdir()
    (kept.folder / ".writing-abc").mkdir()
    assert kept.names() == []
    kept.save(name_of(1, 0), ARRAYS, {})
    assert [path.name for path in kept.folder.iterdir()] == [name_of(1, 0)]


@given(st.data())
def test_any_changed_byte_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    kept = Checkpoints(tmp_path_factory.getbasetemp() / "damaged")
    kept.save(name_of(1, 0), ARRAYS[:2], {"epoch": 1, "metrics": {"loss": 0.5}})
    file = (
        kept.folder
        / name_of(1, 0)
        / data.draw(st.sampled_from([checkpoints.VARIABLES, checkpoints.STATE]))
    )
    content = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    change = data.draw(st.sampled_from(["flip", "cut"]))
    if change == "flip":
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del content[place:]
    file.write_bytes(content)
    try:
        found = kept.load(name_of(1, 0))
    except DamagedCheckpoint:
        return
    # Only equivalent changes may pass, such as whitespace in the JSON.
    assert found.state == {"epoch": 1, "metrics": {"loss": 0.5}}
    assert found.arrays[0].tobytes() == ARRAYS[0].tobytes()


def test_the_newest_whole_one_is_found(kept: Checkpoints) -> None:
    for epoch in (1, 2):
        kept.save(name_of(epoch, 0), ARRAYS, {"epoch": epoch})
    (kept.folder / name_of(2, 0) / checkpoints.STATE).unlink()
    found, damaged = kept.newest()
    assert found is not None and found.state == {"epoch": 1}
    assert damaged == [name_of(2, 0)]
    kept.remove_after(found.name)
    assert kept.names() == [name_of(1, 0)]


def test_none_is_found_where_none_is(kept: Checkpoints) -> None:
    assert kept.newest() == (None, [])


def test_a_pickle_is_never_opened(kept: Checkpoints) -> None:
    kept.save(name_of(1, 0), [np.zeros(1)], {})
    folder = kept.folder / name_of(1, 0)
    np.savez(folder / "variables.npz", **{"0": np.array([print], object)})
    item = json.loads((folder / "state.json").read_text())
    item["head"]["variables"] = checkpoints._sum_of_file(folder / "variables.npz")
    item["checksum"] = checkpoints._sum_of({k: item[k] for k in ("head", "state")})
    (folder / "state.json").write_text(json.dumps(item))
    with pytest.raises(DamagedCheckpoint):
        kept.load(name_of(1, 0))


def test_arrays_of_another_model_are_refused() -> None:
    variable = keras.Variable(np.zeros(2))
    assign([variable], [np.array([1.0, 2.0])])
    assert variable.numpy().tolist() == [1.0, 2.0]
    with pytest.raises(UserError, match="does not belong"):
        assign([variable], [np.zeros(3)])
