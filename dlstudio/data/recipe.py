"""Applying a recipe to samples: exclusions and relabelling."""

from __future__ import annotations

import numpy as np

from dlstudio.catalog.source_hints import ALL_EXCLUDED, INCLUDE_AGAIN
from dlstudio.data.samples import Samples, label_column
from dlstudio.document.plan import LABEL, DataRecipe
from dlstudio.errors import UserError
from dlstudio.i18n import _

ABSENT = ("missing-file", "no-class")
"""Kinds of a source's findings about samples that it cannot provide."""


def apply_recipe(samples: Samples, recipe: DataRecipe) -> Samples:
    """The samples without excluded ones, and with the user's labels.

    Unknown ids are ignored; new classes are appended. In multi-label data, several
    labels are separated by "|".

    Raises:
        UserError: No sample is left.
    """
    out = frozenset(recipe.leave_out)
    if out:
        kept = [i for i, name in enumerate(samples.ids) if name not in out]
        samples = samples.take(np.array(kept, np.int64))
    if not len(samples):
        raise UserError(
            _(ALL_EXCLUDED),
            _(INCLUDE_AGAIN),
        )
    names = {id: str(name) for id, name in recipe.changed_values(LABEL).items()}
    return _relabelled(samples, names) if names else samples


def absent(samples: Samples, recipe: DataRecipe) -> tuple[tuple[str, str], ...]:
    """Samples that the source lists but cannot provide, each with the reason.

    Samples that the recipe excludes are not included.
    """
    out = frozenset(recipe.leave_out)
    return tuple(
        (note.path, note.message)
        for note in samples.notes
        if note.kind in ABSENT and note.path not in out
    )


def _relabelled(samples: Samples, names: dict[str, str]) -> Samples:
    places = {name: row for row, name in enumerate(samples.ids) if name in names}
    wanted = {
        row: [part.strip() for part in names[name].split("|") if part.strip()]
        if samples.has_several_labels
        else [names[name]]
        for name, row in places.items()
    }
    classes = tuple(
        dict.fromkeys(
            [*samples.classes, *(c for each in wanted.values() for c in each)]
        )
    )
    number = {name: index for index, name in enumerate(classes)}
    labels = samples.labels.copy()
    if samples.has_several_labels:
        labels = np.pad(labels, ((0, 0), (0, len(classes) - labels.shape[1])))
        labels[list(wanted)] = 0
    for row, found in wanted.items():
        if samples.has_several_labels:
            labels[row, [number[name] for name in found]] = 1
        else:
            labels[row] = number[found[0]]
    return samples.with_column(LABEL, label_column(labels, classes))
