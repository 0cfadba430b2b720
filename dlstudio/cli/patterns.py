"""File name patterns, for shells that do not expand them."""

from __future__ import annotations

import glob
import os
from pathlib import Path

from dlstudio.errors import UserError
from dlstudio.i18n import _

DEEP = "**"


def matching_paths(text: str) -> list[Path]:
    """A path, or the paths that match a pattern that the shell has not expanded.

    A part of the pattern that exists as a name is taken literally: in
    "photos [2021]/*.jpg" only the last part is a pattern.

    Raises:
        UserError: Nothing matches.
    """
    path = Path(text).expanduser()
    if path.exists() or not glob.has_magic(text):
        return [path]
    places = [path.anchor]
    for segment in path.parts[bool(path.anchor) :]:
        found = [each for place in places for each in _inside(place, segment)]
        places = list(dict.fromkeys(found))
    if path.name == DEEP:  # a folder together with its content would count twice
        places = [each for each in places if os.path.isfile(each)]
    if not places:
        raise UserError(
            _("No files match {pattern}.").format(pattern=text),
            _("Check the pattern. ** matches folders of any depth."),
        )
    return [Path(each) for each in sorted(places)]


def _inside(place: str, segment: str) -> list[str]:
    """The matches of one part of a pattern in a folder ("" for the current one)."""
    exact = os.path.join(place, segment)
    if os.path.lexists(exact):
        return [exact]
    if not glob.has_magic(segment):
        return []
    pattern = os.path.join(glob.escape(place), segment)
    found = glob.glob(pattern, recursive=True)
    if segment == DEEP:
        found.append(place)
    return [each.rstrip(os.sep) or each for each in found]
