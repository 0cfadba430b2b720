"""The lines of a script for categories."""

from __future__ import annotations

import polars as pl

from dlstudio.catalog.features.category import CATEGORY as DESCRIPTION
from dlstudio.data.features.base import settings
from dlstudio.data.tables.null_marks import MISSING_MARKS, NUMERIC
from dlstudio.engine.features.feature_script import (
    FeatureScript,
    ScriptColumn,
    not_written,
)


def category_script(column: ScriptColumn) -> FeatureScript:
    """See `TensorFeature.script`.

    Raises:
        UserError: The file's type of the column is none of texts.
    """
    missing = settings(column.feature, DESCRIPTION)["missing"]
    names = 'table[{name}].fillna("")'  # a missing name is a class of its own
    prepare: tuple[str, ...] = ()
    serve = ["tf.strings.strip({value})"]
    if missing == "most_frequent":
        prepare = ("fill[{name}] = table[{name}].iloc[train].mode()[0]",)
        names = "table[{name}].fillna(fill[{name}])"
        serve.append('tf.where({value} == "", fill[{name}], {value})')
    return FeatureScript(
        read=_reading(column),
        prepare=(*prepare, f"inputs[{{name}}] = {names}.to_numpy(object)"),
        target=(
            "places = {each: place for place, each in enumerate(NAMES[{name}])}",
            'targets[{name}] = table[{name}].map(places).to_numpy("int32")',
        ),
        strata="table[{name}].to_numpy(str)",
        serve=tuple(serve),
        names=tuple(column.fitted["names"]),
    )


def _reading(column: ScriptColumn) -> tuple[str, ...]:
    values = column.cells.values
    if values.dtype == pl.Boolean:
        if column.is_text:
            return ("table[{name}] = table[{name}].str.lower()",)
        return ('table[{name}] = table[{name}].map({True: "true", False: "false"})',)
    if column.is_text:
        return _without_marks(values) if column.among_numbers else ()
    if values.dtype == pl.String:
        return (
            "names = table[{name}].str.strip()",
            'table[{name}] = names.mask(names == "")',
        )
    if values.dtype.is_integer():
        return (
            'table[{name}] = table[{name}].map("{:.0f}".format, na_action="ignore")',
        )
    raise not_written(column.name)


def _without_marks(values: pl.Series) -> tuple[str, ...]:
    """Words that mean “no value” where all others are numbers."""
    known = values.drop_nulls()
    if not len(known) or not known.cast(pl.String).str.contains(NUMERIC).all():
        return ()
    marks = list(MISSING_MARKS["among numbers"])
    return (
        f"no_value = table[{{name}}].str.lower().isin({marks})",
        "table[{name}] = table[{name}].mask(no_value)",
    )
