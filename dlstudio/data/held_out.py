"""Splits that a source lacks and that are taken from its training split."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dlstudio.data.samples import TEST, VALIDATION
from dlstudio.document.plan import Split
from dlstudio.i18n import ngettext
from dlstudio.percent_text import percent


def held_out_notes(
    given: Collection[str], recipe: Split, counts: Mapping[str, int]
) -> dict[str, str]:
    """A message for each split taken from the training samples, by its name.

    Args:
        given: Splits that the source defines, possibly none.
        recipe: How the samples are split.
        counts: Number of samples of each split.
    """
    if recipe.mode != "folders" or not any(given):
        return {}
    shares = {VALIDATION: recipe.validation, TEST: recipe.test}
    return {
        name: _sentence(name, counts[name], share)
        for name, share in shares.items()
        if name not in given and share and counts.get(name)
    }


def _sentence(name: str, count: int, share: float) -> str:
    if name == TEST:
        text = ngettext(
            "The data has no test split, so {share} of the training split "
            "({count} sample) is held out for testing.",
            "The data has no test split, so {share} of the training split "
            "({count} samples) is held out for testing.",
            count,
        )
    else:
        text = ngettext(
            "The data has no validation split, so {share} of the training "
            "split ({count} sample) is held out for validation.",
            "The data has no validation split, so {share} of the training "
            "split ({count} samples) is held out for validation.",
            count,
        )
    return text.format(share=percent(share, 0), count=f"{count:,}")
