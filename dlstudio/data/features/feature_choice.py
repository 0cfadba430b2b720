"""Which columns of a table a project begins with: inputs, targets, their types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dlstudio.catalog.feature_heads import heads_of
from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.features.cell_text import named_texts, sampled
from dlstudio.data.features.inference import InferredColumn
from dlstudio.data.features.inferred_table import InferredTable
from dlstudio.data.features.leaks import leaking_columns
from dlstudio.data.features.target import choose_target
from dlstudio.data.near_columns import missing_column
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, freeze_map
from dlstudio.errors import UserError
from dlstudio.i18n import _

IGNORE = "ignore"
"""What a user says instead of a type for a column that is not used."""
MOST_INPUTS = 1_000
"""Columns that may enter a model one by one."""


@dataclass(frozen=True, slots=True)
class FeatureChoice:
    """The features of a table that a project begins with.

    Attributes:
        features: By name; the columns' own names.
        inputs: Names of those that enter the model.
        targets: Names of those that are predicted.
        leaking: Columns that are not used because they give the target away.
    """

    features: FrozenMap[str, Feature]
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    leaking: tuple[str, ...] = ()


def choose_features(
    cells: Mapping[str, Cells],
    inferred: Mapping[str, InferredColumn],
    catalog: Catalog,
    targets: Sequence[str] = (),
    kinds: Mapping[str, str] | None = None,
) -> FeatureChoice:
    """What of a table is used, as far as the user has not said it.

    Columns that determine the target are left out unless the user gave them a type.

    Args:
        cells: All columns of the table.
        inferred: What they are.
        catalog: With the feature types.
        targets: Names of the columns to predict; empty to find one.
        kinds: Types that the user gave to columns, by short name; "ignore" for none.

    Raises:
        UserError: There is no such column or type, or nothing is left to learn from.
    """
    given = kinds or {}
    for name in (*targets, *given):
        if name not in cells:
            raise missing_column(name, cells)
    features = {
        name: feature
        for name, column in inferred.items()
        if (feature := _feature(column, cells[name], given.get(name), catalog))
    }
    own = _own_target(features, catalog)
    if own and set(targets) <= {own}:
        return FeatureChoice(FrozenMap({own: features[own]}), (own,), (own,))
    chosen = tuple(targets) or _target(inferred, features, catalog)
    for name in chosen:
        features.setdefault(name, _as_target(inferred[name], cells[name], catalog))
    _check_count(len(features) - len(chosen))
    leaking = _leaking(cells, inferred, chosen, catalog) - set(given)
    inputs = tuple(n for n in features if n not in chosen and n not in leaking)
    if not inputs:
        raise UserError(
            _("The table has no column to predict “{name}” from.").format(
                name=", ".join(chosen)
            ),
            _("Give a column a type, such as --feature age=number."),
        )
    used = {*inputs, *chosen}
    return FeatureChoice(
        FrozenMap((name, each) for name, each in features.items() if name in used),
        inputs,
        chosen,
        tuple(name for name in features if name in leaking),
    )


def choose_inputs(
    cells: Mapping[str, Cells],
    inferred: Mapping[str, InferredColumn],
    catalog: Catalog,
    kinds: Mapping[str, str],
) -> FeatureChoice:
    """What of a table is used where nothing is predicted: every column with a type.

    Args:
        cells, inferred, catalog: As for `choose_features`.
        kinds: Types that the user gave to columns.

    Raises:
        UserError: There is no such column or type.
    """
    for name in kinds:
        if name not in cells:
            raise missing_column(name, cells)
    features = {
        name: feature
        for name, column in inferred.items()
        if (feature := _feature(column, cells[name], kinds.get(name), catalog))
    }
    return FeatureChoice(FrozenMap(features), tuple(features), ())


def _own_target(features: Mapping[str, Feature], catalog: Catalog) -> str:
    """The feature that a model predicts from itself, such as running text; or ""."""
    for name, feature in features.items():
        usual = next(iter(heads_of(feature.kind, catalog)), "")
        if usual and catalog[usual].extra.get("of_input"):
            return name
    return ""


def _check_count(inputs: int) -> None:
    """Refuse more columns than can enter a model one by one."""
    if inputs <= MOST_INPUTS:
        return
    raise UserError(
        _("Too many columns for one model: {count}, at most {most}.").format(
            count=f"{inputs:,}", most=f"{MOST_INPUTS:,}"
        ),
        _("Keep the columns that matter in the table, or ignore the others."),
    )


def _feature(
    column: InferredColumn, cells: Cells, kind: str | None, catalog: Catalog
) -> Feature | None:
    """The feature of a column, or None if it is ignored."""
    if kind is None:
        return Feature(column.kind, "", column.params) if column.kind else None
    if kind == IGNORE:
        return None
    return _of_kind(catalog.find("features", kind).kind, cells, catalog)


def _of_kind(kind: str, cells: Cells, catalog: Catalog) -> Feature:
    description = catalog[kind]
    if not description.implementations.data:
        raise UserError(
            _("“{name}” is not a type of a table's column.").format(
                name=description.name
            )
        )
    feature_type, some = load_feature_type(description), sampled(cells)
    feature = Feature(kind, "", freeze_map(feature_type.infer_params(some)))
    parsed = feature_type.parse(some, feature)
    present = ~named_texts(some).is_null().to_numpy()
    if present.any() and parsed.unreadable[present].all():
        raise UserError(
            _(
                "No value of this column can be read as {type}, such as “{value}”."
            ).format(
                type=_(description.title).lower(),
                value=named_texts(some).drop_nulls()[0],
            ),
            parsed.reason or _("Choose another type."),
        )
    return feature


def _as_target(column: InferredColumn, cells: Cells, catalog: Catalog) -> Feature:
    """An ignored column that the user wants to predict all the same."""
    kind = column.alternatives[0][0] if column.alternatives else ""
    return _of_kind(kind or "dlstudio.features.category", cells, catalog)


def _target(
    inferred: Mapping[str, InferredColumn],
    features: Mapping[str, Feature],
    catalog: Catalog,
) -> tuple[str, ...]:
    used = {
        name: replace(each, kind=features[name].kind)
        for name, each in inferred.items()
        if name in features
    }
    choice = choose_target(used, catalog)
    if choice is None:
        raise UserError(
            _("The table has no column to predict."),
            _("Name one: --target COLUMN."),
        )
    return (choice.column,)


def _leaking(
    cells: Mapping[str, Cells],
    inferred: Mapping[str, InferredColumn],
    targets: Sequence[str],
    catalog: Catalog,
) -> set[str]:
    return {
        found.path
        for target in targets
        for found in leaking_columns(InferredTable(cells, inferred, target, catalog))
    }
