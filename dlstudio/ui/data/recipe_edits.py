"""Edits of samples: they change the recipe, never a file. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.project import ChangeValues, SetData
from dlstudio.document.plan import LABEL, DataRecipe
from dlstudio.document.source_edits import reread
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.workers.dataset import Dataset, DatasetFinding, SourceChange
from dlstudio.workers.table_dataset import TableFinding


def exclude(recipe: DataRecipe, ids: Iterable[str]) -> Edit:
    """Exclude samples."""
    return SetData("leave_out", tuple(dict.fromkeys([*recipe.leave_out, *ids])))


def include(recipe: DataRecipe, ids: Iterable[str]) -> Edit:
    """Include samples again."""
    back = frozenset(ids)
    kept = tuple(id for id in recipe.leave_out if id not in back)
    return SetData("leave_out", kept)


def relabel(ids: Iterable[str], label: str, dataset: Dataset) -> Edit:
    """Give samples another label; the source's own one needs no entry.

    Args:
        ids: The samples.
        label: The new one; several are separated by "|".
        dataset: Knows the labels of the source.
    """
    own = {id: source_label(dataset, id) for id in ids}
    return ChangeValues(
        LABEL, FrozenMap({id: None if own[id] == label else label for id in own})
    )


def source_label(dataset: Dataset, id: str) -> str:
    """The label from the source, or ""; several are separated by "|"."""
    label = dataset.labels[dataset.rows[id]]
    if dataset.has_several_labels:
        return "|".join(dataset.classes[n] for n in label.nonzero()[0].tolist())
    return dataset.classes[int(label)] if label >= 0 else ""


def move(recipe: DataRecipe, ids: Iterable[str], split: str) -> Edit:
    """Move samples to a split; "" assigns them automatically again.

    Args:
        recipe: The current recipe.
        ids: Ids of the samples.
        split: "train", "validation", "test" or "".
    """
    rest = recipe.moved.without(ids := tuple(ids))
    return SetData("moved", rest.merge(dict.fromkeys(ids, split)) if split else rest)


def check(recipe: DataRecipe, found: Iterable[DatasetFinding | TableFinding]) -> Edit:
    """Mark findings as checked."""
    keys = [each.key for each in found]
    return SetData("checked", tuple(dict.fromkeys([*recipe.checked, *keys])))


def uncheck(recipe: DataRecipe, keys: Sequence[str]) -> Edit:
    """Show findings again."""
    back = frozenset(keys)
    return SetData("checked", tuple(k for k in recipe.checked if k not in back))


def change_source(source: Spec, fix: SourceChange) -> Edit:
    """Change how the same files are read; edits of samples remain."""
    return reread(source, fix.params, fix.splits)
