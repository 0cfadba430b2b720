"""Properties of splitting samples, and of applying a recipe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data.images.columns import Files
from dlstudio.data.images.samples import image_samples
from dlstudio.data.recipe import apply_recipe
from dlstudio.data.samples import SPLITS, Samples, label_column, split_array
from dlstudio.data.split import split
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.errors import UserError
from tests.support.labels import relabeled


def samples_of(
    labels: list[int] | np.ndarray, splits: list[str] | None = None
) -> Samples:
    """Samples with these labels and dummy images."""
    made = np.array(labels)
    multi = made.ndim == 2
    classes = made.shape[1] if multi else int(made.max(initial=0)) + 1
    count = len(made)
    return image_samples(
        tuple(f"{number:05}.png" for number in range(count)),
        Files(tuple(f"{number}" for number in range(count))),
        label_column(made, tuple(f"class {number}" for number in range(classes))),
        split_array(splits or [""] * count),
    )


SHARES = st.floats(0, 0.45)
RECIPES = st.builds(
    Split,
    mode=st.sampled_from(["random", "folders"]),
    validation=SHARES,
    test=SHARES,
    seed=st.integers(-5, 2**40),
    stratify=st.booleans(),
)
LABELS = st.lists(st.integers(0, 4), min_size=1, max_size=60)
MANY = st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=1)


@given(LABELS | MANY, RECIPES, st.data())
def test_splits_are_disjoint_and_complete(
    labels: list[int], recipe: Split, data: st.DataObject
) -> None:
    count = len(labels)
    splits = data.draw(
        st.lists(st.sampled_from(["train", ""]), min_size=count, max_size=count)
    )
    groups = data.draw(st.lists(st.integers(0, 30), min_size=count, max_size=count))
    samples = samples_of(labels, splits)
    parts = split(samples, recipe, groups)
    assert list(parts) == list(SPLITS)
    joined = np.concatenate(list(parts.values()))
    assert sorted(joined.tolist()) == list(range(count))
    assert len(parts["train"])
    for rows in parts.values():
        assert rows.dtype == np.int64 and (np.diff(rows) > 0).all()
    where = {row: name for name, rows in parts.items() for row in rows.tolist()}
    for key in set(groups):
        assert len({where[row] for row in range(count) if groups[row] == key}) == 1


@given(LABELS, RECIPES, st.data())
def test_a_samples_split_does_not_depend_on_the_order(
    labels: list[int], recipe: Split, data: st.DataObject
) -> None:
    samples = samples_of(labels)
    order = data.draw(st.permutations(range(len(samples))))
    mixed = samples.take(np.array(order))
    for name in SPLITS:
        first = {samples.ids[row] for row in split(samples, recipe)[name]}
        assert first == {mixed.ids[row] for row in split(mixed, recipe)[name]}


@given(st.lists(st.integers(3, 80), min_size=1, max_size=5), st.integers(0, 99))
def test_classes_are_divided_in_proportion(counts: list[int], seed: int) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    parts = split(samples_of(labels), Split(validation=0.2, test=0.1, seed=seed))
    for number, count in enumerate(counts):
        for name, share in (("validation", 0.2), ("test", 0.1)):
            found = int((labels[parts[name]] == number).sum())
            assert found == max(1, int(count * share + 0.5))


def test_classes_of_one_and_two() -> None:
    parts = split(samples_of([0, 1, 1]), Split(validation=0.4, test=0.4))
    assert 0 in parts["train"]
    assert len(parts["validation"]) == 1 and len(parts["test"]) == 0


def test_rare_labels_of_many_are_divided_too() -> None:
    random = np.random.default_rng(0)
    labels = (random.random((300, 6)) < [0.5, 0.3, 0.2, 0.1, 0.05, 0.03]).astype(int)
    parts = split(samples_of(labels), Split(validation=0.2, test=0.2))
    for rows in parts.values():
        assert (labels[rows].sum(axis=0) > 0).all()
    held = labels[parts["validation"]].sum(axis=0) / labels.sum(axis=0)
    assert (np.abs(held - 0.2) < 0.15).all()


def test_seeds_differ() -> None:
    samples = samples_of([0] * 40)
    first, second = (split(samples, Split(seed=seed))["test"] for seed in (1, 2))
    assert not np.array_equal(first, second)


def test_adding_samples_moves_few() -> None:
    many, more = samples_of([0] * 200), samples_of([0] * 210)
    before, after = (split(each, Split())["test"].tolist() for each in (many, more))
    assert len(set(before) - set(after)) <= 3


def test_folders_are_kept_and_what_is_missing_is_taken_from_training() -> None:
    names = ["train"] * 40 + ["test"] * 10
    samples = samples_of([0, 1] * 25, names)
    parts = split(samples, Split(mode="folders", validation=0.25, test=0.5))
    assert parts["test"].tolist() == list(range(40, 50))
    assert len(parts["validation"]) == 10 and parts["validation"].max() < 40
    whole = split(samples_of([0, 1] * 25), Split(mode="folders"))
    assert len(whole["test"]) == 8


def test_splits_that_are_refused() -> None:
    samples = samples_of([0, 1] * 5)
    for recipe in (
        Split(validation=0.5, test=0.5),
        Split(validation=-0.1),
        Split(test=1.0),
        Split(validation=float("nan")),
        Split(mode="odd"),
    ):
        with pytest.raises(UserError):
            split(samples, recipe)
    with pytest.raises(UserError, match="There are no samples for training"):
        split(samples_of([0, 1], ["test", "test"]), Split(mode="folders"))


def test_excluding_and_relabelling() -> None:
    samples = samples_of([0, 1, 1, 0])
    recipe = DataRecipe(
        leave_out=("00001.png", "gone.png"),
        changed=relabeled({"00000.png": "new", "00003.png": "class 1", "x": "y"}),
    )
    made = apply_recipe(samples, recipe)
    assert made.ids == ("00000.png", "00002.png", "00003.png")
    assert made.classes == ("class 0", "class 1", "new")
    assert made.labels.tolist() == [2, 1, 1]
    assert samples.labels.tolist() == [0, 1, 1, 0]
    with pytest.raises(UserError):
        apply_recipe(samples, DataRecipe(leave_out=samples.ids))


def test_relabelling_with_several_labels() -> None:
    samples = samples_of([[1, 0], [0, 1]])
    changed = relabeled({"00000.png": "class 1 | new", "00001.png": ""})
    made = apply_recipe(samples, DataRecipe(changed=changed))
    assert made.labels.tolist() == [[0, 1, 1], [0, 0, 0]]
