"""What can be done to samples: changes of the recipe, never of a file. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.project import SetData
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import Spec
from dlstudio.workers.dataset import Dataset, DatasetFinding, SourceChange


def exclude(recipe: DataRecipe, ids: Iterable[str]) -> Edit:
    """Use the samples no more."""
    return SetData("leave_out", tuple(dict.fromkeys([*recipe.leave_out, *ids])))


def include(recipe: DataRecipe, ids: Iterable[str]) -> Edit:
    """Use the samples again."""
    back = frozenset(ids)
    kept = tuple(id for id in recipe.leave_out if id not in back)
    return SetData("leave_out", kept)


def relabel(
    recipe: DataRecipe, ids: Iterable[str], label: str, dataset: Dataset
) -> Edit:
    """Give samples another label; the source's own one needs no entry.

    Args:
        recipe: As it is now.
        ids: The samples.
        label: The new one; several are separated by "|".
        dataset: Knows the labels of the source.
    """
    own = {id: source_label(dataset, id) for id in ids}
    changed = recipe.relabel.without(own)
    return SetData(
        "relabel", changed.merge({id: label for id in own if own[id] != label})
    )


def source_label(dataset: Dataset, id: str) -> str:
    """The label that the source gives; several are parted by "|"."""
    label = dataset.labels[dataset.rows[id]]
    if dataset.multi_label:
        return "|".join(dataset.classes[n] for n in label.nonzero()[0].tolist())
    return dataset.classes[int(label)]


def move(recipe: DataRecipe, ids: Iterable[str], split: str) -> Edit:
    """Move samples to a split; "" lets the split decide again.

    Args:
        recipe: As it is now.
        ids: The samples.
        split: "train", "validation", "test" or "".
    """
    rest = recipe.moved.without(ids := tuple(ids))
    return SetData("moved", rest.merge(dict.fromkeys(ids, split)) if split else rest)


def check(recipe: DataRecipe, found: Iterable[DatasetFinding]) -> Edit:
    """Remember that findings were looked at and are right as they are."""
    keys = [each.key for each in found]
    return SetData("checked", tuple(dict.fromkeys([*recipe.checked, *keys])))


def uncheck(recipe: DataRecipe, keys: Sequence[str]) -> Edit:
    """Show findings again."""
    back = frozenset(keys)
    return SetData("checked", tuple(k for k in recipe.checked if k not in back))


def change_source(source: Spec, fix: SourceChange) -> Edit:
    """Read the same files otherwise; what was said of the samples stays."""
    changed = Spec(source.kind, source.params.merge(fix.params))
    edits: list[Edit] = [SetData("source", changed)]
    if fix.splits is not None:
        mode = "folders" if fix.splits else "random"
        edits.append(SetData("split.mode", mode))
    return CompositeEdit(tuple(edits))
