"""Groups of samples that stay in one split, and samples that the user moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data.images.columns import Files
from dlstudio.data.images.samples import image_samples
from dlstudio.data.sample_groups import group_keys, kept_together
from dlstudio.data.samples import Samples, label_column, split_array
from dlstudio.data.split import split
from dlstudio.document.plan import Split
from dlstudio.errors import UserError

PEOPLE = [f"{mood}/{who}/{n}.png" for mood in "ab" for who in "xyz" for n in range(5)]


def samples_of(ids: list[str]) -> Samples:
    return image_samples(
        tuple(ids),
        Files(tuple(ids)),
        label_column(np.array([id[0] == "b" for id in ids], np.int32), ("a", "b")),
        split_array([""] * len(ids)),
    )


def test_a_folders_images_stay_together_in_all_classes() -> None:
    samples = samples_of(PEOPLE)
    recipe = Split(group_by="folder", validation=0.34, test=0.34, stratify=False)
    parts = split(samples, recipe)
    where = {row: name for name, rows in parts.items() for row in rows.tolist()}
    for who in "xyz":
        rows = [row for row, id in enumerate(PEOPLE) if f"/{who}/" in id]
        assert len({where[row] for row in rows}) == 1
    assert all(len(rows) == 10 for rows in parts.values())


def test_levels_count_from_the_file_upwards() -> None:
    keys = group_keys(["a/b/c.png", "c.png"], Split(group_by="folder", group_level=2))
    assert keys == ["a", ("", "c.png")]


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        ("^[^_]+", ["p1", "p1", ("", "d/_.png")]),
        ("^p(.)", ["1", "1", ("", "d/_.png")]),
        ("p(x)?", [("", "a/p1_0.png"), ("", "b/p1_1.png"), ("", "d/_.png")]),
    ],
)
def test_the_pattern_looks_at_the_files_own_name(pattern: str, keys: object) -> None:
    ids = ["a/p1_0.png", "b/p1_1.png", "d/_.png"]
    recipe = Split(group_by="name", group_pattern=pattern)
    assert group_keys(ids, recipe) == keys


@pytest.mark.parametrize("pattern", ["", "(", "(a+)+$", "([a-z]*)*", "x" * 300])
def test_an_invalid_pattern_is_reported(pattern: str) -> None:
    with pytest.raises(UserError) as caught:
        group_keys(["a.png"], Split(group_by="name", group_pattern=pattern))
    assert caught.value.hint


def test_an_unknown_grouping_is_reported() -> None:
    with pytest.raises(UserError, match="grouping"):
        group_keys(["a.png"], Split(group_by="moon"))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=30))
def test_equal_in_either_means_together(pairs: list[tuple[int, int]]) -> None:
    ids = [f"{folder}/{n}.png" for n, (folder, _copy) in enumerate(pairs)]
    copies = [copy for _folder, copy in pairs]
    keys = kept_together(ids, Split(group_by="folder"), copies)
    assert keys is not None
    for i, (folder, copy) in enumerate(pairs):
        for j, (other, another) in enumerate(pairs):
            if folder == other or copy == another:
                assert keys[i] == keys[j]


@given(st.integers(0, 20), st.sampled_from(["random", "folders"]))
def test_moved_samples_go_where_they_should_and_others_stay(
    seed: int, mode: str
) -> None:
    samples, recipe = samples_of(PEOPLE), Split(seed=seed, mode=mode)
    before, name = split(samples, recipe), PEOPLE[seed]
    after = split(samples, recipe, None, {name: "test", "gone.png": "train"})
    assert seed in after["test"].tolist()
    for part, rows in before.items():
        assert set(rows.tolist()) - {seed} == set(after[part].tolist()) - {seed}


def test_copies_move_with_what_is_moved() -> None:
    samples = samples_of(PEOPLE)
    copies = [0 if row in (3, 17) else row + 1 for row in range(len(PEOPLE))]
    parts = split(samples, Split(), copies, {PEOPLE[3]: "validation"})
    assert {3, 17} <= set(parts["validation"].tolist())


def test_moving_all_away_from_training_is_reported() -> None:
    samples = samples_of(PEOPLE)
    with pytest.raises(UserError, match="training"):
        split(samples, Split(), None, dict.fromkeys(PEOPLE, "test"))
