"""The lines of a script for dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone

import numpy as np
import polars as pl

from dlstudio.catalog.features.date import DATE as DESCRIPTION
from dlstudio.data.columns import Numbers
from dlstudio.data.features.base import load_feature_type, settings
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.date_forms import iso_texts
from dlstudio.engine.features.date_script_graph import (
    CALENDAR_OF_DAYS,
    DAYS_OF_TEXTS,
    FULL_YEARS,
    MONTH_NUMBERS,
    YEAR_START,
)
from dlstudio.engine.features.feature_script import (
    FeatureScript,
    ScriptColumn,
    check_rewritten,
)

FORMATS = (
    *("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"),
    *("%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y"),
    *("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y"),
    *("%m/%d/%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y-%m", "%Y"),
)
COMPARED = 20_000
"""Different dates that are looked at."""
NEAR = 1e-6
"""Days by which two ways of reading a time may differ."""
DAYS = (
    "def days_of(dates: pd.Series) -> np.ndarray:",
    '    """Days since 1970-01-01, NaN where there is no date."""',
    '    stamps = dates.to_numpy("datetime64[ms]")',
    '    days = stamps.astype("int64") / 86_400_000',
    "    return np.where(np.isnat(stamps), np.nan, days)",
)
MIDDLE = (
    "def middle_of(days: np.ndarray) -> float:",
    '    """The median of the days that are known: one of them."""',
    "    known = np.sort(days[~np.isnan(days)])",
    "    return float(known[len(known) // 2])",
)
CALENDAR = (
    "def calendar(days: np.ndarray) -> np.ndarray:",
    '    """Whole days, the time, and waves of year, week and day, (n, 8)."""',
    "    whole = np.floor(days)",
    "    time = days - whole",
    '    years = whole.astype("datetime64[D]").astype("datetime64[Y]")',
    '    start = years.astype("datetime64[D]").astype("int64")',
    '    end = (years + 1).astype("datetime64[D]").astype("int64")',
    "    year = (days - start) / (end - start)",
    "    week = (days + 3) / 7  # the first day of 1970 was a Thursday",
    "    waves = [",
    "        wave(2 * np.pi * place)",
    "        for place in (year, week, time)",
    "        for wave in (np.sin, np.cos)",
    "    ]",
    '    return np.stack([whole, time, *waves], axis=1).astype("float32")',
)


def date_script(column: ScriptColumn) -> FeatureScript:
    """See `TensorFeature.script`.

    Raises:
        UserError: Too many dates are written in other ways than most.
    """
    params = settings(column.feature, DESCRIPTION)
    read, form, rewritten = _reading(column)
    calendar = params["representation"] != "days"
    values = "calendar({days})" if calendar else '{days}.astype("float32")'
    filled = "np.where(np.isnan(days), fill[{name}], days)"
    if params["missing"] == "drop":
        filled = "days"
    return FeatureScript(
        read=(read,),
        prepare=(
            "days = days_of(table[{name}])",
            "fill[{name}] = middle_of(days[train])",
            f"inputs[{{name}}] = {values.replace('{days}', filled)}",
        ),
        target=(
            f"targets[{{name}}] = {values.replace('{days}', 'days_of(table[{name}])')}",
        ),
        strata=(
            "np.searchsorted(np.quantile(days_of(table[{name}]), "
            "np.linspace(0, 1, 11)[1:-1]), days_of(table[{name}]))"
        ),
        serve=tuple(_serving(form, calendar, str(params["missing"]))),
        helpers=(
            *(DAYS, MIDDLE, *((CALENDAR,) if calendar else ())),
            *(YEAR_START, MONTH_NUMBERS, FULL_YEARS, DAYS_OF_TEXTS, CALENDAR_OF_DAYS),
        ),
        rewritten=check_rewritten(column.name, rewritten),
    )


def _serving(form: str, calendar: bool, missing: str) -> Iterator[str]:
    """What makes rows of texts in an exported model.

    Args:
        form: In which dates are written.
        calendar: Whether a row is more than the days.
        missing: What takes the place of a missing date.
    """
    if "%y" in form:
        yield "full_years(tf.strings.strip({value}))"
    if "%b" in form or "%B" in form:
        yield "month_numbers({value})"
    for name, number in (("%y", "%Y"), ("%b", "%m"), ("%B", "%m")):
        form = form.replace(name, number)
    yield f'days_of_texts({{value}}, "{form}")'
    if missing != "drop":
        yield "tf.where(tf.math.is_finite({value}), {value}, fill[{name}])"
    yield "calendar_of_days({value})" if calendar else "tf.cast({value}, tf.float32)"


def _reading(column: ScriptColumn) -> tuple[str, str, dict[int, str]]:
    """The line that reads dates, their format, and cells that it reads otherwise."""
    dtype = column.cells.values.dtype
    if dtype != pl.String:
        form = "%Y-%m-%d %H:%M:%S" if dtype == pl.Datetime else "%Y-%m-%d"
        return "table[{name}] = pd.to_datetime(table[{name}])", form, {}
    parsed = load_feature_type(DESCRIPTION).parse(column.cells, column.feature).column
    assert isinstance(parsed, Numbers)
    texts = cell_texts(column.cells)
    frame = pl.DataFrame({"text": texts, "day": parsed.values}).drop_nulls("text")
    distinct = frame.unique("text", maintain_order=True).head(COMPARED)
    wanted = dict(distinct.iter_rows())
    different = {each: _different(wanted, each) for each in FORMATS}
    best = min(FORMATS, key=lambda each: len(different[each]))
    wrong = different[best]
    places = texts.is_in(list(wrong)).fill_null(False).arg_true().to_list()
    rewritten = {place: _written(float(parsed.values[place]), best) for place in places}
    read = (
        f'table[{{name}}] = pd.to_datetime(table[{{name}}], format="{best}", '
        'errors="coerce")'
    )
    return read, best, rewritten


def _different(wanted: Mapping[str, float], form: str) -> set[str]:
    """The texts that are another date, or none, in a format."""
    found = set()
    for text, day in wanted.items():
        read = _day(text, form)
        if np.isnan(read) != np.isnan(day) or abs(read - day) > NEAR:
            found.add(text)
    return found


def _day(text: str, form: str) -> float:
    try:
        stamp = datetime.strptime(text, form).replace(tzinfo=timezone.utc)
    except ValueError:
        return float("nan")
    return stamp.timestamp() / 86_400


def _written(day: float, form: str) -> str:
    """A day in a format; "" where there is none."""
    if np.isnan(day):
        return ""
    (text,) = iso_texts(np.array([day]))
    stamp = datetime.fromisoformat(text)
    return stamp.strftime(form)
