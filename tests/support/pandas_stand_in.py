"""The little of pandas that scripts use, for tests where pandas is not installed.

Only what the scripts call, with the results that pandas documents for it: texts in
object arrays, NaN for missing values, NaT for missing dates.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import ModuleType
from typing import Any

import numpy as np

NAN = float("nan")


def is_missing(value: object) -> bool:
    """None and NaN."""
    return value is None or (isinstance(value, float) and value != value)


class Texts:
    """`Series.str`: everything is done with texts, and NaN stays."""

    def __init__(self, series: Series) -> None:
        self._series = series

    def strip(self) -> Series:
        return self._each(str.strip)

    def lower(self) -> Series:
        return self._each(str.lower)

    def replace(self, old: str, new: str, *, regex: bool) -> Series:
        assert not regex
        return self._each(lambda text: text.replace(old, new))

    def _each(self, change: Callable[[str], str]) -> Series:
        found = [v if is_missing(v) else change(v) for v in self._series]
        return self._series.like(objects(found))


class Places:
    """`Series.iloc`: values by their place."""

    def __init__(self, series: Series) -> None:
        self._series = series

    def __getitem__(self, places: Any) -> Series:
        return Series(self._series.values[places], self._series.index[places])


class Series:
    """A column: values and the numbers of their rows."""

    def __init__(self, values: Any, index: Any) -> None:
        self.values, self.index = values, index

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        del copy
        return np.asarray(self.values, dtype)

    def __eq__(self, other: object) -> Series:  # type: ignore[override]
        return self.like(np.array([value == other for value in self], bool))

    def __ne__(self, other: object) -> Series:  # type: ignore[override]
        return self.like(np.array([value != other for value in self], bool))

    def __and__(self, other: Series) -> Series:
        return self.like(self.values & other.values)

    def __add__(self, text: str) -> Series:
        return self.like(objects(v if is_missing(v) else v + text for v in self))

    def __radd__(self, text: str) -> Series:
        return self.like(objects(v if is_missing(v) else text + v for v in self))

    def __invert__(self) -> Series:
        return self.like(~self.values)

    __hash__ = None  # type: ignore[assignment]

    def like(self, values: Any) -> Series:
        return Series(values, self.index)

    @property
    def str(self) -> Texts:
        return Texts(self)

    @property
    def iloc(self) -> Places:
        return Places(self)

    def known(self) -> Any:
        return np.array([v for v in self if not is_missing(v)])

    def isna(self) -> Any:
        if self.values.dtype.kind == "M":
            return np.isnat(self.values)
        return np.array([is_missing(value) for value in self], bool)

    def isin(self, values: Iterable[object]) -> Series:
        return self.like(np.array([v in list(values) for v in self], bool))

    def mask(self, mask: Series) -> Series:
        values = self.values.astype(object)
        values[mask.values] = NAN
        return self.like(values)

    def fillna(self, value: object) -> Series:
        values = self.values.copy()
        values[self.isna()] = value
        return self.like(values)

    def map(self, places: Any, na_action: str = "") -> Series:
        if isinstance(places, Mapping):
            found = [places.get(each, NAN) for each in self]
        else:
            found = [v if na_action and is_missing(v) else places(v) for v in self]
        texts = any(isinstance(each, str) for each in found)
        return self.like(objects(found) if texts else np.array(found))

    def clip(self, least: Any, most: Any) -> Series:
        return self.like(np.clip(self.values, least, most))

    def median(self) -> Any:
        return np.median(self.known())

    def mean(self) -> Any:
        return self.known().mean()

    def mode(self) -> Any:
        names, counts = np.unique(self.known(), return_counts=True)
        return names[counts == counts.max()]

    def astype(self, dtype: Any) -> Series:
        return self.like(self.values.astype(dtype))

    def to_numpy(self, dtype: Any = None) -> Any:
        return np.array(self.values, dtype)


class Cells:
    """`DataFrame.loc`: setting single cells."""

    def __init__(self, frame: DataFrame) -> None:
        self._frame = frame

    def __setitem__(self, key: tuple[int, str], value: object) -> None:
        row, name = key
        self._frame.columns[name].values[self._frame.index == row] = value


class Index(np.ndarray):
    """`DataFrame.index`: the numbers of the rows."""

    def to_numpy(self) -> Any:
        return np.asarray(self)

    def isin(self, numbers: Iterable[int]) -> Any:
        return np.isin(np.asarray(self), list(numbers))


class DataFrame:
    """Columns of the same rows."""

    def __init__(
        self, data: Any, index: Any = None, columns: Sequence[str] = ()
    ) -> None:
        if index is None:  # rows, as pandas takes them
            index = np.arange(len(data))
            cells = zip(*data, strict=True)
            data = {
                name: Series(objects(each), index)
                for name, each in zip(columns, cells, strict=True)
            }
        self.columns = data
        self.index = np.asarray(index).view(Index)

    def __len__(self) -> int:
        return len(self.index)

    @property
    def loc(self) -> Cells:
        return Cells(self)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            return Series(self.columns[key].values, self.index)
        return self.rows(np.asarray(key))

    def __setitem__(self, name: str, series: Series) -> None:
        self.columns[name] = Series(series.values.copy(), self.index)

    def __eq__(self, other: object) -> DataFrame:  # type: ignore[override]
        return self.apply(lambda column: column == other)

    __hash__ = None  # type: ignore[assignment]

    def rows(self, mask: Any) -> DataFrame:
        columns = {
            name: Series(each.values[mask], each.index[mask])
            for name, each in self.columns.items()
        }
        return DataFrame(columns, self.index[mask])

    def copy(self) -> DataFrame:
        return self.rows(np.ones(len(self), bool))

    def apply(self, change: Callable[[Series], Series]) -> DataFrame:
        changed = {name: change(self[name]) for name in self.columns}
        return DataFrame(changed, self.index)

    def isin(self, values: Iterable[object]) -> DataFrame:
        return self.apply(lambda column: column.isin(values))

    def mask(self, masks: DataFrame) -> DataFrame:
        columns = {n: self[n].mask(masks[n]) for n in self.columns}
        return DataFrame(columns, self.index)

    def all(self, axis: int) -> Series:
        assert axis == 1
        values = np.all([each.values for each in self.columns.values()], axis=0)
        return Series(values, self.index)

    def drop(self, index: Iterable[int]) -> DataFrame:
        assert set(index) <= set(self.index.tolist())
        return self.rows(~np.isin(self.index, list(index)))

    def dropna(self, subset: Iterable[str]) -> DataFrame:
        missing = np.any([self[name].isna() for name in subset], axis=0)
        return self.rows(~missing)

    def reset_index(self, drop: bool) -> DataFrame:
        assert drop
        return DataFrame(self.columns, np.arange(len(self)))


def objects(values: Iterable[object]) -> Any:
    listed = list(values)
    found = np.empty(len(listed), object)
    found[:] = listed
    return found


def read_csv(
    path: str,
    *,
    dtype: type,
    keep_default_na: bool,
    sep: str = ",",
    encoding: str = "utf-8-sig",
    skiprows: int = 0,
    header: int | None = 0,
    names: list[str] | None = None,
    quoting: int = 0,
    index_col: bool = False,
    engine: str = "c",
    on_bad_lines: Callable[[list[str]], list[str]] | None = None,
) -> DataFrame:
    """Texts, "" where a cell is blank; lines without anything are skipped."""
    assert dtype is str
    assert not keep_default_na
    assert not index_col
    assert (engine == "python") == (on_bad_lines is not None)
    with open(path, encoding=encoding, newline="") as stream:
        lines = list(csv.reader(stream, delimiter=sep, quoting=quoting))[skiprows:]
    lines = [line for line in lines if line]
    if header == 0:
        given, lines = lines[0], lines[1:]
        names = names or given
    assert names is not None
    width = len(names)
    if on_bad_lines is not None:
        lines = [on_bad_lines(x) if len(x) > width else x for x in lines]
    assert all(len(line) <= width for line in lines)
    cells = [[*line, *[""] * (width - len(line))] for line in lines]
    index = np.arange(len(cells))
    columns = {
        name: Series(objects([line[place] for line in cells]), index)
        for place, name in enumerate(names)
    }
    return DataFrame(columns, index)


def to_numeric(series: Series, *, errors: str) -> Series:
    """Numbers, NaN for what is none."""
    assert errors == "coerce"

    def number(value: Any) -> float:
        try:
            return float(value)
        except ValueError:
            return NAN

    return series.like(np.array([number(value) for value in series], float))


def to_datetime(series: Series, *, format: str, errors: str) -> Series:
    """Dates, NaT for what is none."""
    assert errors == "coerce"

    def stamp(value: Any) -> Any:
        try:
            return np.datetime64(datetime.strptime(value, format), "ms")
        except (TypeError, ValueError):
            return np.datetime64("NaT", "ms")

    return series.like(np.array([stamp(each) for each in series], "datetime64[ms]"))


def module() -> ModuleType:
    """pandas, or this in its place where it is not installed."""
    try:
        import pandas
    except ImportError:
        return sys.modules[__name__]
    found: ModuleType = pandas
    return found
