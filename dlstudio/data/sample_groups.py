"""Groups of samples that stay in one split: of one person, of one day."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from dlstudio.document.plan import Split
from dlstudio.errors import UserError
from dlstudio.i18n import _

LONGEST_PATTERN = 200
# Nested repetition can take exponential time on a long name.
_ENDLESS = re.compile(r"[*+}]\??\)[*+{]")


def kept_together(
    ids: Sequence[str], recipe: Split, groups: Sequence[Hashable] | None
) -> Sequence[Hashable] | None:
    """A key for each sample, equal within a group; None if all differ.

    Args:
        ids: Ids of the samples.
        recipe: Recipe with the user's grouping.
        groups: Additional keys (copies of one sample), or None.

    Raises:
        UserError: The recipe's pattern is invalid, or its mode unknown.
    """
    own = group_keys(ids, recipe)
    if own is None or groups is None:
        return own if groups is None else groups
    return _joined(own, groups)


def group_keys(ids: Sequence[str], recipe: Split) -> list[Hashable] | None:
    """A key for each sample by the recipe alone; None if not grouped.

    Raises:
        UserError: The recipe's pattern is invalid, or its mode unknown.
    """
    if not recipe.group_by:
        return None
    if recipe.group_by == "folder":
        return [_folder(id, recipe.group_level) for id in ids]
    if recipe.group_by == "name":
        pattern = _compiled(recipe.group_pattern)
        return [_found(pattern, id) for id in ids]
    raise UserError(
        _("There is no grouping method called “{name}”.").format(name=recipe.group_by),
        _("Use “folder” or “name”, or leave the setting empty."),
    )


def _folder(id: str, level: int) -> Hashable:
    folders = id.split("/")[:-1]
    if not 0 < level <= len(folders):
        return ("", id)
    return folders[-level]


def _compiled(text: str) -> re.Pattern[str]:
    if not text:
        raise UserError(
            _("The pattern for grouping samples is empty."),
            _(
                "Enter a pattern such as “^[^_]+”, which matches everything before "
                "the first “_” of the name."
            ),
        )
    if len(text) > LONGEST_PATTERN or _ENDLESS.search(text):
        raise UserError(
            _("Matching the pattern “{pattern}” could take too long.").format(
                pattern=text
            ),
            _("Repeat only single characters, such as “[a-z]+_”."),
        )
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise UserError(
            _("“{pattern}” is not a valid pattern: {reason}.").format(
                pattern=text, reason=error
            ),
            _(
                "Enter a pattern such as “^[^_]+”, which matches everything before "
                "the first “_” of the name."
            ),
        ) from error


def _found(pattern: re.Pattern[str], id: str) -> Hashable:
    """The pattern's match in the file name, or the name itself without a match."""
    match = pattern.search(id.rpartition("/")[2])
    if match is None:
        return ("", id)
    found = match[1] if pattern.groups else match[0]
    return ("", id) if found is None else found


def _joined(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Hashable]:
    """Group numbers that join samples with either key equal, transitively."""
    parent = list(range(len(one)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for keys in (one, other):
        first: dict[Hashable, int] = {}
        for index, key in enumerate(keys):
            left, right = root(first.setdefault(key, index)), root(index)
            parent[max(left, right)] = min(left, right)
    return [root(index) for index in range(len(parent))]
