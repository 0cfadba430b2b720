"""Dates in the graph of an export: read from texts as `date_forms` does, and encoded.

Days are since 1970-01-01, with the time as their fraction, float64.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from dlstudio.data.features.cell_text import COUNTED_BLANKS
from dlstudio.data.features.date import BLANKS
from dlstudio.data.features.date_forms import DAY, MONTH_OF, ORDERED, PATTERNS, TIME
from dlstudio.engine.features.text_graph import is_blank, plain_characters, stripped

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

FIELDS = ("year", "month", "day", "hour", "minute", "second", "half", "zone")
"""Parts of a date, in the order in which a graph writes them."""
_FIELD_OF = {"first": "day", "other": "month", "name": "month"}
"""The field of groups of the patterns that are not called as it is."""
_LENGTHS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.float64)
_LETTER = r"[A-Za-z\x{80}-\x{10ffff}]"
"""For a letter: some of them in a row would be too large a pattern for TensorFlow."""
REFUSED = "These texts are no dates, or none may be missing:"


def filled_days(texts: Tensor, order: str, fill: float | None) -> Tensor:
    """Texts as days, float64 (n,).

    The graph fails with an InvalidArgumentError where a text is no date.

    Args:
        texts: As they stand in a table, (n,).
        order: As of `date_forms.read_dates`; with "auto", each text decides alone.
        fill: Days of a blank text; None where that is an error, too.
    """
    texts = stripped(texts)
    days = read_days(plain_characters(texts), order)
    if fill is not None:
        missing = is_blank(texts, (*COUNTED_BLANKS, *BLANKS))
        days = tf.where(missing, tf.constant(fill, tf.float64), days)
    unknown = tf.math.is_nan(days)
    named = [REFUSED, tf.boolean_mask(texts, unknown)]
    check = tf.debugging.Assert(~tf.reduce_any(unknown), named)
    with tf.control_dependencies([check]):
        found: Tensor = tf.identity(days)
    return found


def read_days(texts: Tensor, order: str) -> Tensor:
    """Texts as days, float64 (n,); NaN where a text is no date.

    Args:
        texts: Without white space around them, in ASCII but for names of months, (n,).
        order: As of `filled_days`.
    """
    texts = tf.strings.regex_replace(texts, r"[^\x00-\x7f\p{L}]", "?")
    rows = tf.fill(tf.shape(texts), "|" * (len(FIELDS) - 1))
    for each in PATTERNS:  # no text fits two of them
        rows = _with_fields(rows, texts, each + TIME)
    fields = tf.strings.split(rows, "|").to_tensor(shape=(None, len(FIELDS)))
    year, month, day, *time = tf.unstack(fields, axis=1)
    years, months, days = _year(year), _month(month), _number(day, "1")
    swapped = tf.strings.regex_full_match(texts, ORDERED)
    swapped = swapped & _month_first(texts, days, months, order)
    months, days = tf.where(swapped, days, months), tf.where(swapped, months, days)
    found: Tensor = _civil_days(years, months, days) + _fraction(*time)
    return found


def calendar_rows(days: Tensor) -> Tensor:
    """The row of each day that `features.date` describes, float32 (n, 8)."""
    whole = tf.floor(days)
    time = days - whole
    year = tf.floor(whole / 365.2425) + 1970  # or the one before or behind
    year = year - tf.cast(whole < _start(year), tf.float64)
    year = year + tf.cast(whole >= _start(year + 1), tf.float64)
    start = _start(year)
    places = ((days - start) / (_start(year + 1) - start), (days + 3) / 7, time)
    waves = [wave(2 * np.pi * place) for place in places for wave in (tf.sin, tf.cos)]
    rows: Tensor = tf.cast(tf.stack([whole, time, *waves], axis=1), tf.float32)
    return rows


def _with_fields(rows: Tensor, texts: Tensor, pattern: str) -> Tensor:
    """The fields of texts with bars between them, where a pattern fits.

    A graph has no groups, but it can write them behind each other.

    Args:
        rows: What is there otherwise, (n,).
        texts: See `read_days`, (n,).
        pattern: Of dates with a time or without.
    """
    groups = re.findall(r"\?P<(\w+)>", pattern)
    places = {_FIELD_OF.get(name, name): n for n, name in enumerate(groups, 1)}
    parts = [rf"\{places[each]}" if each in places else "" for each in FIELDS]
    pattern = pattern.replace(r"\p{L}", _LETTER)
    fits = tf.strings.regex_full_match(texts, pattern)
    some = tf.where(fits, texts, "")  # groups take far longer than a look for a match
    written = tf.strings.regex_replace(some, pattern, "|".join(parts))
    found: Tensor = tf.where(fits, written, rows)
    return found


def _number(texts: Tensor, default: str) -> Tensor:
    """Digits as numbers, float64 (n,).

    Args:
        texts: Digits, some with a fraction, (n,).
        default: What stands for an empty text.
    """
    texts = tf.where(texts == "", default, texts)
    texts = tf.strings.regex_replace(texts, ",", ".")
    found: Tensor = tf.strings.to_number(texts, tf.float64)
    return found


def _year(texts: Tensor) -> Tensor:
    """Years, those of two digits within a hundred; 0 of an empty text."""
    year = _number(texts, "0")
    century = tf.where(year < 69, tf.constant(2000.0, tf.float64), 1900.0)
    found: Tensor = tf.where(tf.strings.length(texts) == 2, year + century, year)
    return found


def _month(texts: Tensor) -> Tensor:
    """Months from digits or names; 0 of a name that is none, 1 of an empty text."""
    named = tf.strings.regex_full_match(texts, "[^0-9]+")
    lower = tf.strings.lower(texts, encoding="utf-8")
    month = _number(tf.where(named, "0", texts), "1")
    for letters in (3, 4):  # four letters decide, where they are known
        start = tf.strings.substr(lower, 0, letters, unit="UTF8_CHAR")
        month = tf.where(named, _named(start, month), month)
    found: Tensor = month
    return found


def _named(starts: Tensor, other: Tensor) -> Tensor:
    """Months by the beginning of their names.

    Args:
        starts: Letters, (n,).
        other: For letters that begin no month, float64 (n,).
    """
    same = starts[:, None] == tf.constant(list(MONTH_OF))[None, :]
    months = tf.constant(list(MONTH_OF.values()), tf.float64)
    month = tf.reduce_sum(tf.cast(same, tf.float64) * months, axis=1)
    found: Tensor = tf.where(tf.reduce_any(same, axis=1), month, other)
    return found


def _month_first(texts: Tensor, first: Tensor, other: Tensor, order: str) -> Tensor:
    """Whether the first number of a text is the month, bool (n,).

    Args:
        texts: The whole, (n,).
        first, other: Its first two numbers, (n,).
        order: As of `filled_days`.
    """
    found: Tensor
    if order != "auto":
        found = tf.fill(tf.shape(texts), order == "month_first")
        return found
    clear = (first > 12) != (other > 12)
    slashed = tf.strings.regex_full_match(texts, ".*/.*")
    found = tf.where(clear, other > 12, slashed)
    return found


def _start(year: Tensor) -> Tensor:
    """Days from 1970-01-01 to the first day of a year."""
    past = year - 1
    leap = tf.floor(past / 4) - tf.floor(past / 100) + tf.floor(past / 400)
    found: Tensor = 365 * (year - 1970) + leap - 477  # leap years before 1970
    return found


def _civil_days(year: Tensor, month: Tensor, day: Tensor) -> Tensor:
    """Days since 1970-01-01; NaN where the calendar has no such day."""
    inside = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1)
    place = tf.cast(tf.where(inside, month, tf.ones_like(month)), tf.int32) - 1
    leap = _start(year + 1) - _start(year) - 365
    length = tf.gather(_LENGTHS, place) + leap * tf.cast(month == 2, tf.float64)
    before = tf.gather(np.cumsum(_LENGTHS) - _LENGTHS, place)
    before = before + leap * tf.cast(month > 2, tf.float64)
    days = _start(year) + before + day - 1
    found: Tensor = tf.where(inside & (day <= length), days, np.nan)
    return found


def _fraction(
    hour: Tensor, minute: Tensor, second: Tensor, half: Tensor, zone: Tensor
) -> Tensor:
    """The time of day as a part of it, in UTC; NaN where the clock has no such time.

    Args:
        hour, minute, second: Digits, (n,).
        half: Such as "a.m.", (n,).
        zone: Such as "+02:00", (n,).
    """
    hours, minutes, seconds = (_number(each, "0") for each in (hour, minute, second))
    inside = (hours < 24) & (minutes < 60) & (seconds < 61)
    noon = tf.strings.regex_full_match(half, "[pP].*") & (hours < 12)
    midnight = tf.strings.regex_full_match(half, "[aA].*") & (hours == 12)
    hours = hours + 12 * (tf.cast(noon, tf.float64) - tf.cast(midnight, tf.float64))
    total = hours * 3600 + minutes * 60 + seconds - _offset(zone)
    found: Tensor = tf.where(inside, total / DAY, np.nan)
    return found


def _offset(zones: Tensor) -> Tensor:
    """Seconds that zones are ahead of UTC."""
    digits = tf.strings.regex_replace(zones, "[^0-9]", "")
    digits = tf.where(digits == "", "0000", digits)
    hours = _number(tf.strings.substr(digits, 0, 2), "0")
    minutes = _number(tf.strings.substr(digits, 2, 2), "0")
    seconds = hours * 3600 + minutes * 60
    behind = tf.strings.regex_full_match(zones, "-.*")
    found: Tensor = tf.where(behind, -seconds, seconds)
    return found
