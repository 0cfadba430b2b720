"""Dates and times as people write them in tables, a whole column at a time.

2024-01-05  2024/1/5  20240105  2024年1月5日   year, month, day
5.1.2024  05/01/24  1/5/2024                   the column says which the day is
5 Jan 2024  Jan 5th, 2024  5. März 2024        names of months
2024-01  2024                                  the first day of these
2024-01-05T12:30:05.5Z  … 12:30 PM +02:00      times, which become those of UTC
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.features.cell_text import plain_characters
from dlstudio.data.features.short_texts import count_matching, has_digit

Numbers64 = npt.NDArray[np.float64]

DAY = 86_400
_MONTHS = (
    *("jan ene", "feb fév fev", "mar mär mrz", "apr avr abr", "may mai", "jun juin"),
    *(
        "jul juil",
        "aug ago aoû aou",
        "sep set",
        "oct okt out",
        "nov",
        "dec dez déc dic",
    ),
)
MONTH_OF = {
    start: number + 1
    for number, starts in enumerate(_MONTHS)
    for start in starts.split()
}
"""Months by the first three or four letters of their names, in lower case."""
TIME = (
    r"(?:[T ,;]+(?P<hour>\d{1,2})[:h](?P<minute>\d{2})"
    r"(?::(?P<second>\d{2}(?:[.,]\d{1,9})?))?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)? ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$"
)
"""What may follow a date: a time, with a zone or without."""
_MARK = r" ?[-/.年년月월] ?"
_WEEKDAY = r"^(?:\p{L}{2,9}\.?,? )?"
_MONTH = r"(?P<name>\p{L}{3,10})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
PATTERNS = (
    rf"^(?P<year>\d{{4}}){_MARK}(?P<month>\d{{1,2}}){_MARK}(?P<day>\d{{1,2}})[日일]?",
    r"^(?P<first>\d{1,2})[-/.](?P<other>\d{1,2})[-/.] ?(?P<year>\d{4}|\d{2})",
    r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    rf"{_WEEKDAY}{_DAY}(?: de)?[ -]?{_MONTH}(?: de)?[ ,-]+(?P<year>\d{{4}}|\d{{2}})",
    rf"{_WEEKDAY}{_MONTH} {_DAY},? (?P<year>\d{{4}})",
    r"^(?P<year>\d{4})(?:[-/]|年 ?)(?P<month>\d{1,2})月?",
    r"^(?P<year>[12]\d{3})年?",
)
ORDERED = PATTERNS[1] + TIME
"""What can be read with the day first, or with the month first."""


def read_dates(texts: pl.Series, order: str) -> pl.Series:
    """Each text as days since 1970-01-01, Float64 (n,); null where it is no date.

    Args:
        texts: Without spaces around, null where there is nothing.
        order: "day_first" or "month_first" in 1/5/2024; "auto" to see from the cells.
    """
    iso = texts.set((texts.str.len_bytes() != 10).fill_null(True), None)
    plain = iso.str.to_date("%Y-%m-%d", strict=False, cache=False)
    days: pl.Series = plain.dt.epoch("d").cast(pl.Float64)
    others = days.is_null() & texts.is_not_null()
    if not others.any():
        return days
    rest = texts.filter(others)
    distinct = rest.unique()  # dates repeat
    found = _distinct_dates(plain_characters(distinct), order)
    found = rest.replace_strict(distinct, found, return_dtype=pl.Float64)
    return days.scatter(others.arg_true(), found)


def plain_days(texts: pl.Series) -> Numbers64 | None:
    """Days since 1970-01-01 if all texts are dates as in ISO 8601; NaN where null.

    Args:
        texts: As they are written; of another type they are no such dates.
    """
    if texts.dtype != pl.String or (texts.str.len_bytes() != 10).any():
        return None
    # Looking it up among those that were seen takes longer than reading a date anew.
    days = texts.str.to_date("%Y-%m-%d", strict=False, cache=False)
    if days.null_count() > texts.null_count():
        return None
    return np.asarray(days.dt.epoch("d").cast(pl.Float64).to_numpy(), np.float64)


def may_be_dates(texts: pl.Series) -> bool:
    """Whether a look at texts does not rule out that some of them are dates.

    A date has digits. Of plain numbers only those of four or eight digits are dates.

    Args:
        texts: As of `read_dates`.
    """
    if not has_digit(texts):
        return False
    if texts.cast(pl.Float64, strict=False).null_count() > texts.null_count():
        return True
    return count_matching(texts, r"\d{4}(\d{4})?") > 0


def date_order(texts: pl.Series) -> str:
    """Whether days or months stand first where both could be: what more cells need.

    Where no cell says it, “/” has the month first, and “.” and “-” the day.
    """
    parts = plain_characters(texts).str.extract_groups(ORDERED).struct.unnest()
    first, other = (parts[name].cast(pl.Int32) for name in ("first", "other"))
    if not first.count():
        return "auto"
    days, months = (first > 12).sum(), (other > 12).sum()
    if days != months:
        return "day_first" if days > months else "month_first"
    slashes = int(texts.filter(first.is_not_null()).str.contains("/").sum())
    return "month_first" if 2 * slashes > first.count() else "day_first"


def is_order_certain(texts: pl.Series) -> bool:
    """Whether some cell says what stands first, or none needs it."""
    parts = plain_characters(texts).str.extract_groups(ORDERED).struct.unnest()
    first, other = (parts[name].cast(pl.Int32) for name in ("first", "other"))
    return not first.count() or bool(((first > 12) | (other > 12)).any())


def iso_texts(days: Numbers64) -> list[str]:
    """Days since 1970-01-01 in ISO 8601, with a time only where there is one."""
    whole = np.floor(days)
    seconds = (days - whole) * DAY
    near = np.round(seconds)
    # A float32 of a fraction of a day is some milliseconds off.
    seconds = np.where(np.abs(seconds - near) < 0.01, near, seconds)
    stamps = (whole * DAY * 1000 + np.round(seconds * 1000)).astype("datetime64[ms]")
    return [_iso_text(str(stamp)) for stamp in stamps]


def _iso_text(stamp: str) -> str:
    date, _mark, time = stamp.removesuffix(".000").partition("T")
    return date if time == "00:00:00" else f"{date} {time}"


def _distinct_dates(texts: pl.Series, order: str) -> pl.Series:
    if order == "auto":
        order = date_order(texts)
    days = pl.Series([None] * len(texts), dtype=pl.Float64)
    left = texts.is_not_null()
    for pattern in PATTERNS:
        rows = (left & texts.str.contains(pattern + TIME)).arg_true()
        if len(rows):
            groups = texts.gather(rows).str.extract_groups(pattern + TIME)
            days = days.scatter(rows, _days(groups.struct.unnest(), order))
            left = days.is_null() & texts.is_not_null()
    return days


def _days(parts: pl.DataFrame, order: str) -> pl.Series:
    """Days since 1970-01-01 from the groups of a pattern; null where there is none."""
    year = _numbers(parts, "year", 0)
    short = parts["year"].str.len_chars().to_numpy() == 2
    year = np.where(short, year + np.where(year < 69, 2000, 1900), year)
    day, month = _numbers(parts, "day", 1), _numbers(parts, "month", 1)
    if "first" in parts.columns:
        both = _numbers(parts, "first", 0), _numbers(parts, "other", 0)
        day, month = both if order != "month_first" else both[::-1]
    if "name" in parts.columns:
        month = _named_months(parts["name"])
    days = _civil_days(year, month, day) + _fraction(parts)
    return pl.Series(days).fill_nan(None)


def _numbers(parts: pl.DataFrame, name: str, default: float) -> Numbers64:
    if name not in parts.columns:
        return np.full(len(parts), default)
    texts = parts[name].str.replace(",", ".", literal=True)
    numbers: pl.Series = texts.cast(pl.Float64)
    return np.asarray(numbers.fill_null(default).to_numpy(), np.float64)


def _named_months(names: pl.Series) -> Numbers64:
    """Months by the beginning of their names; 0 of what is none."""
    lower = names.str.to_lowercase()
    four, three = lower.str.slice(0, 4), lower.str.slice(0, 3)
    found = [
        MONTH_OF.get(long, MONTH_OF.get(short, 0))
        for long, short in zip(four, three, strict=True)
    ]
    return np.array(found, np.float64)


def _civil_days(year: Numbers64, month: Numbers64, day: Numbers64) -> Numbers64:
    """Days since 1970-01-01; NaN where the calendar has no such day."""
    inside = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(inside, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    dates = months.astype("datetime64[D]") + np.where(inside, day - 1, 0).astype(int)
    inside &= dates.astype("datetime64[M]") == months
    return np.where(inside, dates.astype(np.int64), np.nan)


def _fraction(parts: pl.DataFrame) -> Numbers64:
    """The time of day as a part of it, in UTC; NaN where the clock has no such time."""
    hour, minute = _numbers(parts, "hour", 0), _numbers(parts, "minute", 0)
    second = _numbers(parts, "second", 0)
    inside = (hour < 24) & (minute < 60) & (second < 61)
    half = parts["half"].str.slice(0, 1).str.to_lowercase()
    noon, morning = (half == "p").fill_null(False), (half == "a").fill_null(False)
    hour = np.where(noon.to_numpy() & (hour < 12), hour + 12, hour)
    hour = np.where(morning.to_numpy() & (hour == 12), 0, hour)
    seconds = hour * 3600 + minute * 60 + second - _offsets(parts["zone"])
    return np.where(inside, seconds / DAY, np.nan)


def _offsets(zones: pl.Series) -> Numbers64:
    """Seconds that zones are ahead of UTC."""
    digits = zones.str.replace_all(r"\D", "")
    hours = digits.str.slice(0, 2).cast(pl.Float64, strict=False).fill_null(0)
    minutes = digits.str.slice(2, 2).cast(pl.Float64, strict=False).fill_null(0)
    behind = zones.str.starts_with("-").fill_null(False)
    seconds = (hours * 3600 + minutes * 60).to_numpy()
    return np.asarray(np.where(behind.to_numpy(), -seconds, seconds), np.float64)
