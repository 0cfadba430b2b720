"""Images: cells name files; a row is uint8 (height, width, channels).

A model says in which form it wants them; rows of a data set are decoded once, into the
cache (`dlstudio.data.prepare_table`). Nothing takes the place of a missing image: rows
without one are left out.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl

from dlstudio.catalog.features.image import IMAGE as DESCRIPTION
from dlstudio.data.columns import Cells, Column, Indices
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
    settings,
)
from dlstudio.data.features.cell_text import named_texts
from dlstudio.data.features.image_cells import find_file, find_place, image_certainty
from dlstudio.data.features.image_sizes import typical_form, typical_sizes
from dlstudio.data.images.columns import Files
from dlstudio.data.images.spec import ImageSpec
from dlstudio.document.feature import Feature
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

FORM = "form"
"""What a feature of images has learned: the form of its rows, an `ImageSpec`."""


class _Image:
    """The data part of images."""

    def certainty(self, cells: Cells, name: str) -> float:
        """Whether some of the cells name image files."""
        return image_certainty(cells, name)

    def infer_params(self, cells: Cells) -> JsonObject:
        """The folder and the extension of the files, where the cells lack them."""
        return find_place(cells)

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """The files; cells that name none are unreadable."""
        params = settings(feature, DESCRIPTION)
        texts = named_texts(cells)
        different = texts.drop_nulls().unique().to_list()
        known = {each: find_file(each, cells.folder, params) for each in different}
        paths = ["" if text is None else known[text] for text in texts.to_list()]
        found = np.array([bool(path) for path in paths], bool)
        unreadable = texts.is_not_null().to_numpy() & ~found
        return ParsedColumn(
            Files(tuple(paths)), unreadable, _("The image file does not exist.")
        )

    def statistics(self, column: Column) -> ColumnStatistics:
        """How many files there are, and how many of each size, by some of them."""
        files = _files(column)
        missing = int(files.missing().sum())
        distinct = Counter(path for path in files.paths if path)
        return ColumnStatistics(
            len(files), missing, len(distinct), frequent=typical_sizes(files)
        )

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """Images of any size, with any number of channels."""
        del feature, distinct
        return InputForm((None, None, None))

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """The usual form of the images, for models that want no other."""
        del feature
        return {FORM: typical_form(_files(column).take(training)).to_json()}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """The images in the form that was learned, uint8 (n, height, width, channels).

        Missing ones are black.

        Raises:
            UserError: A file cannot be read.
        """
        del feature
        rows, broken = read_images(_files(column), fitted)
        for reason in broken.values():
            raise UserError(reason)
        return rows

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """Nothing: pixels are no file that a cell could name."""
        del fitted, feature
        return Cells(pl.Series([None] * len(rows), dtype=pl.String))


def _files(column: Column) -> Files:
    assert isinstance(column, Files)
    return column


def form_of(fitted: Fitted) -> ImageSpec:
    """The form of a feature's rows.

    Args:
        fitted: What the feature has learned.
    """
    return ImageSpec.from_json(fitted[FORM])


def read_images(files: Files, fitted: Fitted) -> tuple[Rows, dict[int, str]]:
    """Images from outside, and why some of them cannot be read.

    Args:
        files: One for each row.
        fitted: What the feature has learned.

    Returns:
        uint8 (n, height, width, channels), black where there is no file or it cannot be
        read; and the reasons by row.
    """
    from dlstudio.data.images.read import read_image
    from dlstudio.data.parallel import in_parallel

    spec = form_of(fitted)
    rows = np.zeros((len(files), *spec.shape), np.uint8)
    broken: dict[int, str] = {}

    def read(item: tuple[int, str]) -> None:
        row, path = item
        try:
            rows[row] = read_image(path, spec)
        except UserError as error:
            broken[row] = error.message

    there = [(row, path) for row, path in enumerate(files.paths) if path]
    if len(there) == 1:
        read(there[0])
    else:
        for _done in in_parallel(read, there):
            pass
    return rows, dict(sorted(broken.items()))


IMAGE = _Image()
