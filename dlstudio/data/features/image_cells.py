"""Cells that name image files: recognized, and located on disk.

What only a whole column can say, that its files are in a subfolder or that its cells
lack the extension, is found once, and kept in the settings of the feature.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.cell_text import named_texts
from dlstudio.data.features.column_names import name_words
from dlstudio.data.features.short_texts import has_letter
from dlstudio.data.fileinfo import is_network_path
from dlstudio.data.images.file_finder import FileFinder, locate, plain_name
from dlstudio.data.images.files import IMAGE_FILE_SUFFIXES, looks_like_image
from dlstudio.json_values import JsonObject

PROBED = 48
"""Cells of a column whose files are looked at."""
NAMES = frozenset(("image", "img", "file", "filename", "photo", "picture", "path"))
"""Words in the name of a column whose cells may lack the extension of their files."""
NOT_THERE = 0.1
"""Certainty of cells that are called like images that do not exist."""
_LETTER = re.compile(r"[^\W\d_]")


def image_certainty(cells: Cells, name: str) -> float:
    """How certainly cells name image files, by the first bytes of some of the files.

    Numbers never do, although files may be called "1.png", "2.png".

    Args:
        cells: All cells of a column, or a fair part of them.
        name: The column's name.
    """
    if cells.values.dtype != pl.String:
        return 0.0
    if not has_letter(named_texts(cells)):
        return 0.0
    some = probed(cells)
    if not some:
        return 0.0
    suffixed = sum(map(_has_suffix, some)) / len(some)
    if suffixed < 0.5 and not _may_be_stems(some, name):
        return 0.0
    settings = find_place(cells)
    paths = [find_file(each, cells.folder, settings) for each in some]
    there = sum(looks_like_image(path) for path in paths if path) / len(some)
    if there >= 0.5:
        return 0.98 + 0.01 * there
    return max(NOT_THERE * suffixed, there)


def names_images(cells: Cells) -> bool:
    """Whether most cells have the extension of images, whatever is there."""
    some = probed(cells)
    return 2 * sum(map(_has_suffix, some)) > len(some)


def find_place(cells: Cells) -> JsonObject:
    """Where the files of a column are: "folder" and "extension", if they are needed.

    Args:
        cells: All cells of a column, or a fair part of them.
    """
    some = probed(cells)
    finder = FileFinder(Path(cells.folder or os.curdir), some)
    found: JsonObject = {}
    if finder.inside:
        found["folder"] = finder.inside
    endings = Counter(_endings(finder, some))
    if endings:
        (ending, count), *_others = endings.most_common(1)
        if ending and 2 * count >= len(some):
            found["extension"] = ending
    return found


def _endings(finder: FileFinder, cells: list[str]) -> Iterator[str]:
    """What each cell lacks to be the name of its file."""
    for cell in cells:
        name, path = finder.find(cell)
        if path is not None:
            stem = plain_name(cell)
            yield name[name.rindex(stem) + len(stem) :]


def probed(cells: Cells) -> list[str]:
    """Some different cells that are not blank, spread over the column."""
    texts = named_texts(cells).drop_nulls().unique(maintain_order=True)
    count = len(texts)
    places = np.unique(np.linspace(0, count - 1, min(PROBED, count)).round())
    return [str(text) for text in texts.gather(places.astype(np.int64)).to_list()]


def find_file(cell: str, folder: str, settings: Mapping[str, object]) -> str:
    """The absolute path of the file that a cell names; "" where there is none.

    Args:
        cell: Not blank.
        folder: Absolute folder where relative paths begin; "" for the current one.
        settings: "folder" and "extension" of the feature, as `find_place` finds them.
    """
    inside, ending = str(settings.get("folder", "")), str(settings.get("extension", ""))
    if is_network_path(cell) or is_network_path(inside):
        return ""
    base = Path(folder or os.curdir)
    name = plain_name(cell)
    names = [f"{inside}/{name}", name] if inside else [name]
    tried = [f"{each}{end}" for each in names for end in dict.fromkeys((ending, ""))]
    return next((path for each in tried if (path := locate(each, base))), "")


def _has_suffix(cell: str) -> bool:
    return os.path.splitext(cell)[1].lower() in IMAGE_FILE_SUFFIXES


def _may_be_stems(cells: list[str], name: str) -> bool:
    """Whether cells may be names of images without an extension."""
    words = name_words(name) or [name.strip().lower()]
    lettered = sum(bool(_LETTER.search(cell)) for cell in cells)
    return bool(NAMES & {*words}) and 2 * lettered >= len(cells)
