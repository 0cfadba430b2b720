"""The lines of a script for numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.catalog.features.number import NUMBER as DESCRIPTION
from dlstudio.data.columns import Numbers
from dlstudio.data.features.base import load_feature_type, settings
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.engine.features.feature_script import (
    FeatureScript,
    ScriptColumn,
    check_rewritten,
)

Floats = npt.NDArray[np.float64]
TENTHS = (
    "np.searchsorted(np.quantile(table[{name}], np.linspace(0, 1, 11)[1:-1]), "
    "table[{name}])"
)


def number_script(column: ScriptColumn) -> FeatureScript:
    """See `TensorFeature.script`.

    Raises:
        UserError: Too many numbers are written in other ways than most.
    """
    params = settings(column.feature, DESCRIPTION)
    read, rewritten = _reading(column)
    prepare = ["numbers = table[{name}]"]
    match params["missing"]:
        case "value":
            prepare.append(f"fill[{{name}}] = {float(params['fill_value'])!r}")
        case "mean":
            prepare.append("fill[{name}] = float(numbers.iloc[train].mean())")
        case _:
            prepare.append("fill[{name}] = float(numbers.iloc[train].median())")
    filled = "numbers"
    if params["missing"] != "drop":
        filled += ".fillna(fill[{name}])"
    limits = _limits(params["minimum"], params["maximum"])
    clip = f".clip({limits})" if limits else ""
    prepare.append(f'inputs[{{name}}] = {filled}{clip}.to_numpy("float32")')
    serve = ["tf.where(tf.math.is_finite({value}), {value}, fill[{name}])"]
    if limits:
        serve.append(_limited(params["minimum"], params["maximum"]))
    return FeatureScript(
        read=read,
        prepare=tuple(prepare),
        target=(f'targets[{{name}}] = table[{{name}}]{clip}.to_numpy("float32")',),
        strata=TENTHS,
        serve=tuple(serve),
        rewritten=check_rewritten(column.name, rewritten),
    )


def _limits(least: float | None, most: float | None) -> str:
    if least is None and most is None:
        return ""
    return f"{least!r}, {most!r}"


def _limited(least: float | None, most: float | None) -> str:
    if least is None:
        return f"tf.minimum({{value}}, {most!r})"
    if most is None:
        return f"tf.maximum({{value}}, {least!r})"
    return f"tf.clip_by_value({{value}}, {least!r}, {most!r})"


def _reading(column: ScriptColumn) -> tuple[tuple[str, ...], dict[int, str]]:
    """The lines that read the numbers, and cells that they read otherwise."""
    if column.cells.values.dtype != pl.String and not column.is_text:
        return ('table[{name}] = table[{name}].astype("float64")',), {}
    parsed = load_feature_type(DESCRIPTION).parse(column.cells, column.feature).column
    assert isinstance(parsed, Numbers)
    texts = cell_texts(column.cells)
    different = _different(texts, parsed.values)
    read: tuple[str, ...] = (
        'table[{name}] = pd.to_numeric(table[{name}], errors="coerce")',
    )
    decimal = "."
    if len(different):
        steps = _steps(column, texts)
        written = texts
        for old, new in steps:
            written = written.str.replace_all(old, new, literal=True)
        still = _different(written.str.strip_chars(), parsed.values)
        if len(still) < len(different):
            different = still
            decimal = "," if (",", ".") in steps else "."
            read = _replacing(steps)
    # What is no number becomes NaN.
    return read, {
        int(place): _plain(parsed.values[place], decimal) for place in different
    }


def _steps(column: ScriptColumn, texts: pl.Series) -> list[tuple[str, str]]:
    """What is replaced in the texts so that they are plain numbers."""
    params = settings(column.feature, DESCRIPTION)
    steps = [(str(params["unit"]), "")] if params["unit"] else []
    comma = params["decimal"] == "comma"
    steps += [(".", "")] if comma else [(",", "")]
    steps += [(mark, "") for mark in " '" if _groups_with(texts, mark)]
    return [*steps, (",", ".")] if comma else steps


def _groups_with(texts: pl.Series, mark: str) -> bool:
    """Whether a mark stands between the digits of some number."""
    return bool(texts.str.contains(rf"\d{mark}\d").any())


def _replacing(steps: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The lines that do it."""
    texts = [[json.dumps(each, ensure_ascii=False) for each in step] for step in steps]
    return (
        "numbers = table[{name}]",
        *(
            f"numbers = numbers.str.replace({old}, {new}, regex=False)"
            for old, new in texts
        ),
        'table[{name}] = pd.to_numeric(numbers.str.strip(), errors="coerce")',
    )


def _different(texts: pl.Series, wanted: Floats) -> npt.NDArray[np.int64]:
    """Places where pandas would not read the number that is wanted."""
    read = texts.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    same = (read == wanted) | (np.isnan(read) & np.isnan(wanted))
    return np.flatnonzero(~same).astype(np.int64)


def _plain(value: float, decimal: str) -> str:
    return "" if np.isnan(value) else repr(float(value)).replace(".", decimal)
