"""Printing the sizes of splits, and what they are taken from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.data.samples import Samples
    from dlstudio.document.plan import DataRecipe

NAMES = {
    "train": mark("Training"),
    "validation": mark("Validation"),
    "test": mark("Test"),
}


def split_counts(
    samples: Samples, data: DataRecipe | None = None
) -> tuple[dict[str, int], tuple[str, ...]]:
    """The number of samples of each split in a training, and notes on their origin.

    Args:
        data: The project's recipe; None for data alone, which then has only the splits
            that its source defines.

    Raises:
        UserError: The samples cannot be split this way.
    """
    from dlstudio.data.held_out import held_out_notes
    from dlstudio.data.recipe import apply_recipe
    from dlstudio.data.split import split
    from dlstudio.document.plan import DataRecipe, Split

    given = frozenset(samples.splits.tolist()) - {""}
    if data is None:
        if not given:
            return {}, ()
        data = replace(DataRecipe(), split=Split("folders"))
    used = apply_recipe(samples, data)
    texts = split(used, data.split, None, data.moved)
    counts = {name: len(rows) for name, rows in texts.items()}
    return counts, tuple(held_out_notes(given, data.split, counts).values())


def show_splits(
    output: Output, counts: Mapping[str, int], notes: Sequence[str]
) -> None:
    """Print the number of samples of each split.

    Args:
        output: Output to print to.
        counts: Number of samples by split.
        notes: Messages to print below.
    """
    rows = [(_(NAMES[name]), f"{count:,}") for name, count in counts.items()]
    output.table((_("Split"), _("Samples")), rows, numbers=(1,))
    for note in notes:
        output.text(note)
