"""What the columns of a table are: inferred, with how certain that is.

Each feature type says how well it fits a fair part of the cells; the best one then
reads all of them. A column that can say nothing (all cells alike or blank, an
identifier) or is a short text that is hardly twice the same (a name, an address) is
ignored, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import ParsedColumn, load_feature_type
from dlstudio.data.features.cell_text import named_texts, sampled
from dlstudio.data.features.column_names import names_identifier
from dlstudio.data.features.identifier import identifier_certainty
from dlstudio.data.features.parsed_column import StoredParsedColumn, parse_column
from dlstudio.data.features.stored_values import load_stored_values
from dlstudio.data.features.text_certainty import is_prose, text_certainty
from dlstudio.data.parallel import ShouldStop, in_parallel
from dlstudio.data.tables.cell_store import StoredCells
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, Params, freeze_map
from dlstudio.i18n import _, marked

Reason = Literal["", "missing", "constant", "identifier", "text", "files"]
REASONS: Mapping[str, str] = {
    "": "",
    "missing": marked("All cells are blank."),
    "constant": marked("All values are the same."),
    "identifier": marked("Every value is different."),
    "text": marked("Short texts that rarely repeat. Choose the type Text to use them."),
}
TEXT_KIND = "dlstudio.features.text"
SURE = 0.8
"""What fits some cells less than this is looked at in all of them."""
MANY = 2**21
"""Rows of a very large table."""
LEAST = 0.15
"""A type that fits less than this is no better than none."""


@dataclass(frozen=True, slots=True)
class InferredColumn:
    """What a column is, as far as its cells and its name say.

    Attributes:
        name: Of the column.
        kind: A description of family "features"; "" where the column is ignored.
        certainty: Of the kind, or of the reason to ignore it, 0 to 1.
        reason: Why it is ignored.
        params: Settings of the feature that its cells need.
        alternatives: Other kinds with their certainties, the surest first.
        parsed: The column as its kind reads it; None where it is ignored.
    """

    name: str
    kind: str
    certainty: float
    reason: Reason = ""
    params: Params = field(default_factory=FrozenMap)
    alternatives: tuple[tuple[str, float], ...] = ()
    parsed: ParsedColumn | None = field(default=None, compare=False, repr=False)

    @property
    def feature(self) -> Feature:
        """The feature that the column becomes, unless it is ignored."""
        return Feature(self.kind, self.name, self.params)


def reason_text(column: InferredColumn, catalog: Catalog) -> str:
    """Why a column is ignored, as a sentence; "" where it is not.

    Args:
        column: What it is.
        catalog: With the feature types.
    """
    absent = absent_type(column, catalog)
    text = REASONS[column.reason] if absent is None else str(absent.extra["absent"])
    return _(text)


def absent_type(column: InferredColumn, catalog: Catalog) -> Description | None:
    """The type of the values that cells name, but that are not there; None for others.

    Args:
        column: What it is.
        catalog: With the feature types.
    """
    if column.reason != "files":
        return None
    kinds = (catalog[kind] for kind, _certainty in column.alternatives)
    return next(each for each in kinds if each.implementations.stored)


def infer_columns(
    columns: Mapping[str, Cells],
    catalog: Catalog,
    should_stop: ShouldStop | None = None,
) -> dict[str, InferredColumn]:
    """What each column of a table is, in their order; see `infer_column`.

    Args:
        columns: Cells by the name of their column.
        catalog: With the feature types.
        should_stop: Checked before each column.

    Raises:
        Stopped: `should_stop` said so.
    """

    def infer(item: tuple[str, Cells]) -> InferredColumn:
        return infer_column(*item, catalog)

    threads = _threads(next(iter(columns.values()), None))
    every = in_parallel(infer, columns.items(), should_stop, threads)
    found = {each.name: each for each in every}
    if sum(bool(each.kind) for each in found.values()) < 2:
        return {
            name: _reinstated(each, columns[name], catalog)
            for name, each in found.items()
        }
    return found


def _threads(column: Cells | None) -> int:
    """How many columns are looked at at the same time; 0 for any number of them.

    Of a large table only a few are in memory, of a very large one a single one.
    """
    if not isinstance(column, StoredCells):
        return 0
    return 2 if len(column) <= MANY else 1


def infer_column(name: str, cells: Cells, catalog: Catalog) -> InferredColumn:
    """What a column is.

    Args:
        name: Of the column; may decide where cells could be two things.
        cells: All of them.
        catalog: With the feature types.
    """
    if cells.known:
        return _said(name, cells, catalog)
    stored = cells  # perhaps in a file, and many
    some = sampled(cells)
    if len(some) == len(cells):
        cells = some
    fits = _fits(name, some, catalog)
    if fits and fits[0][1] < SURE and len(some) < len(cells):
        # Of all cells more are alike than of some, and a few may be decisive.
        fits = _fits(name, cells, catalog, dict(fits[:2]))
    ignored = _ignored(name, cells, some, dict(fits), catalog)
    if ignored is not None:
        reason, certainty = ignored
        return InferredColumn(name, "", certainty, reason, alternatives=fits)
    if not fits or fits[0][1] < LEAST:
        return InferredColumn(name, "", 1 - LEAST, "text", alternatives=fits)
    (kind, certainty), *others = fits
    found = _as_kind(name, kind, certainty, tuple(others), (cells, some), catalog)
    return _kept(found, stored, catalog)


def _said(name: str, cells: Cells, catalog: Catalog) -> InferredColumn:
    """A column whose type the source knows."""
    type_ = load_feature_type(catalog[cells.known])
    params = freeze_map(type_.infer_params(cells))
    parsed = type_.parse(cells, Feature(cells.known, name, params))
    return InferredColumn(name, cells.known, 1.0, params=params, parsed=parsed)


def _fits(
    name: str, cells: Cells, catalog: Catalog, kinds: Collection[str] = ()
) -> tuple[tuple[str, float], ...]:
    """The kinds that fit cells, the surest first.

    Args:
        name: Of their column.
        cells: Some or all.
        catalog: With the kinds.
        kinds: To choose from; all if empty.
    """
    found = [
        (each.kind, load_feature_type(each).certainty(cells, name))
        for each in catalog.family("features")
        if each.implementations.data and (not kinds or each.kind in kinds)
    ]
    fitting = [each for each in found if each[1] > 0]
    return tuple(sorted(fitting, key=lambda each: -each[1]))


def _ignored(
    name: str,
    cells: Cells,
    some: Cells,
    fits: Mapping[str, float],
    catalog: Catalog,
) -> tuple[Reason, float] | None:
    """Why a column is ignored, and how certain that is.

    Args:
        name: Of the column.
        cells: All of them.
        some: A fair part of them.
        fits: How certainly they are of each kind.
        catalog: With the kinds.
    """
    texts = named_texts(some)
    if texts.n_unique() <= 2:  # a look at some spares most columns the look at all
        seen = _first_different(cells)
        if seen <= {None}:
            return "missing", 1.0
        if len(seen) == 1:
            return "constant", 1.0
    others = [fit for kind, fit in fits.items() if kind != TEXT_KIND]
    surest = max(others, default=0.0)
    if _absent(some, fits, catalog):
        return "files", 0.9
    text = text_certainty(texts)
    identifier = identifier_certainty(some, name)
    if identifier > max(surest, text, LEAST) and len(some) < len(cells):
        identifier = identifier_certainty(cells, name)
    if max(identifier, text) <= max(surest, LEAST):
        return None
    if identifier >= text:
        return "identifier", identifier
    return None if TEXT_KIND in fits and is_prose(texts) else ("text", text)


def _first_different(cells: Cells) -> set[str | None]:
    """Different texts in cells, None for a blank one; not all if there are several."""
    seen: set[str | None] = set()
    for each in cells.pieces():
        seen.update(named_texts(each).unique().head(2).to_list())
        if len(seen) > 1:
            break
    return seen


def _absent(some: Cells, fits: Mapping[str, float], catalog: Catalog) -> bool:
    """Whether cells name values that are stored elsewhere, but are not there."""
    for kind, certainty in fits.items():
        stored = load_stored_values(catalog[kind])
        if stored is not None and stored.absent(some, certainty):
            return True
    return False


def _as_kind(
    name: str,
    kind: str,
    certainty: float,
    others: tuple[tuple[str, float], ...],
    cells: tuple[Cells, Cells],
    catalog: Catalog,
) -> InferredColumn:
    """A column read as what it is, less certain if some cells spoke too well of it.

    Args:
        name: Of the column.
        kind: What it is.
        certainty: What some cells say.
        others: The alternatives.
        cells: All cells, and some of them.
        catalog: With the kind.
    """
    feature_type = load_feature_type(catalog[kind])
    params = freeze_map(feature_type.infer_params(cells[1]))
    feature = Feature(kind, name, params)
    parsed = parse_column(feature_type, cells[0], feature)
    if len(cells[0]) > len(cells[1]):
        some = feature_type.parse(cells[1], feature)
        share = 1 - _unreadable_share(some)
        certainty *= min(1.0, (1 - _unreadable_share(parsed)) / max(0.1, share))
    return InferredColumn(name, kind, certainty, "", params, others, parsed)


def _kept(column: InferredColumn, cells: Cells, catalog: Catalog) -> InferredColumn:
    """A column that is read again where its cells are in a file, which are many."""
    if not isinstance(cells, StoredCells):
        return column
    feature_type = load_feature_type(catalog[column.kind])
    parsed = StoredParsedColumn(feature_type, cells, column.feature)
    return replace(column, parsed=parsed)


def _unreadable_share(parsed: ParsedColumn) -> float:
    unreadable = int(parsed.unreadable.sum())
    readable = len(parsed.unreadable) - int(parsed.column.missing().sum())
    return unreadable / max(1, readable + unreadable)


def _reinstated(
    column: InferredColumn, cells: Cells, catalog: Catalog
) -> InferredColumn:
    """A column that counts up, or short texts, as a kind after all.

    A table needs more than one column to learn from.
    """
    counts_up = column.reason == "identifier" and not names_identifier(column.name)
    if not counts_up and column.reason != "text":
        return column
    if not column.alternatives:
        return column
    (kind, certainty), *others = column.alternatives
    both = (cells, sampled(cells))
    found = _as_kind(column.name, kind, certainty, tuple(others), both, catalog)
    return _kept(found, cells, catalog)
