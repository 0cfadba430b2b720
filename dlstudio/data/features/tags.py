"""Tags of tokens: a row has the number of each token's tag, and -1 behind the last.

Whatever the scheme of a file is, tags become those of IOB2.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells, Column, Indices, Texts
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
)
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.short_texts import present
from dlstudio.data.features.token_texts import single_spaced, token_counts
from dlstudio.document.entity_spans import (
    BEGIN,
    INSIDE,
    OUTSIDE,
    TAG,
    iob2,
    type_of,
)
from dlstudio.document.feature import Feature
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

NO_TAG = -1
"""In the place of a tag behind the last token of a sentence."""
MOST_FREQUENT = 10
_WHOLE = f"^{TAG}(?: {TAG})*$"
_ENTITY = r"(?:^| )[BIESLUM]-"


class _TagsType:
    """The data part of tags; the column is one text of tags for each sentence."""

    def certainty(self, cells: Cells, name: str) -> float:
        """Share of cells of tags, if some of them have an entity and several tags."""
        del name
        texts = present(single_spaced(cell_texts(cells)))
        if not len(texts) or not texts.str.contains(_ENTITY).any():
            return 0.0
        if not texts.str.contains(" ").any():
            return 0.0
        return 0.99 * float(texts.str.contains(_WHOLE).to_numpy().mean())

    def infer_params(self, cells: Cells) -> JsonObject:
        """Nothing: tags are read alike alone and in their column."""
        del cells
        return {}

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """Tags in IOB2 with a single space between; a cell of anything else is none."""
        del feature
        texts = single_spaced(cell_texts(cells))
        good = texts.str.contains(_WHOLE).fill_null(False)
        unreadable = (~good & texts.is_not_null()).to_numpy()
        texts = texts.set(~good, None)
        different = texts.drop_nulls().unique()
        normal = [" ".join(iob2(each.split(" "))) for each in different.to_list()]
        texts = texts.replace(different, pl.Series(normal, dtype=pl.String))
        reason = _("Expected tags such as “B-person I-person O”.")
        return ParsedColumn(Texts(texts), unreadable, reason)

    def statistics(self, column: Column) -> ColumnStatistics:
        """How many tags there are, and how often each type of entity occurs."""
        texts = _texts(column)
        counts = _tag_counts(texts)
        entities = [
            (type_of(tag), count)
            for tag, count in counts.items()
            if tag.startswith(BEGIN)
        ]
        entities.sort(key=lambda pair: (-pair[1], pair[0]))
        return ColumnStatistics(
            count=len(texts),
            missing=texts.null_count(),
            distinct=len(_names(counts)),
            frequent=tuple(entities[:MOST_FREQUENT]),
        )

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """The numbers of tags; models predict them and take none."""
        del feature, distinct
        return InputForm((None,))

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """The "tags" in the order of their numbers, and the "length" of the longest.

        Each type has both of its tags, whether or not both occur.
        """
        del feature
        texts = _texts(column).gather(training)
        longest = int(token_counts(texts).max() or 0)  # type: ignore[arg-type]
        return {"tags": list(_names(_tag_counts(texts))), "length": max(1, longest)}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """The number of each tag, int16 (n, length); -1 behind the last.

        Raises:
            UserError: There is a tag that is not known.
        """
        del feature
        texts, known = _texts(column), list(fitted["tags"])
        counts = token_counts(texts).to_numpy().astype(np.int64)
        length = max(int(fitted["length"]), int(counts.max(initial=0)))
        rows = np.full((len(texts), length), NO_TAG, np.int16)
        single = present(texts).str.split(" ").explode()
        unknown = [tag for tag in single.unique().to_list() if tag not in known]
        if unknown:
            raise _unknown_tags(sorted(map(type_of, unknown)))
        if len(single):
            names = pl.Series(known, dtype=pl.String)
            numbers = pl.Series(np.arange(len(known), dtype=np.int16))
            codes = single.replace_strict(names, numbers, return_dtype=pl.Int16)
            rows[np.arange(length)[None, :] < counts[:, None]] = codes.to_numpy()
        return rows

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The tags; null for a sentence without any."""
        del feature
        known = list(fitted["tags"])
        texts = [
            " ".join(known[number] for number in row if number >= 0) or None
            for row in np.asarray(rows).tolist()
        ]
        return Cells(pl.Series(texts, dtype=pl.String))


def _tag_counts(texts: pl.Series) -> Mapping[str, int]:
    single = present(texts).str.split(" ").explode()
    if not len(single):
        return {}
    counted = single.value_counts(name="count")
    return dict(zip(counted.to_series(0).to_list(), counted["count"], strict=True))


def _names(counts: Mapping[str, int]) -> tuple[str, ...]:
    """All tags of the types that occur, the outside first."""
    types = sorted({type_of(tag) for tag in counts} - {""})
    return (OUTSIDE, *(each + name for name in types for each in (BEGIN, INSIDE)))


def _unknown_tags(types: list[str]) -> UserError:
    names = ", ".join(_("“{name}”").format(name=each) for each in types[:8])
    return UserError(
        _("The data has entities that the model was not trained on: {names}.").format(
            names=names
        ),
        _("Remove these rows, or train the model on data with these entities."),
    )


def _texts(column: Column) -> pl.Series:
    assert isinstance(column, Texts)
    return column.values


TAGS = _TagsType()
