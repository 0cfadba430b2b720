"""Dates that a graph reads are those that the data part reads from cells."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np
import polars as pl
import pytest
import tensorflow as tf
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlstudio.data.features.cell_text import plain_characters
from dlstudio.data.features.date import DATE
from dlstudio.data.features.date_forms import ORDERED, PATTERNS, TIME, read_dates
from dlstudio.document.feature import Feature
from dlstudio.engine.features import date_graph, text_graph
from dlstudio.engine.features.date import MONTHS

FEW = settings(deadline=None, max_examples=25)
ORDERS = ("day_first", "month_first", "auto")
FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d-%m-%Y %H:%M", "%d/%m/%Y",
    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S.%f", "%Y年%m月%d日 %H:%M", "%Y-%m", "%Y",
    "%d MON %Y", "MON %dth, %Y", "%d. MON %Y, %I:%M %p", "%Y-%m-%d %H:%M:%S+05:30",
)  # fmt: skip
MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31))


@tf.function(input_signature=[tf.TensorSpec((None,), tf.string)])
def day_first(texts):
    return read(texts, "day_first")


@tf.function(input_signature=[tf.TensorSpec((None,), tf.string)])
def month_first(texts):
    return read(texts, "month_first")


@tf.function(input_signature=[tf.TensorSpec((None,), tf.string)])
def auto(texts):
    return read(texts, "auto")


READ = {"day_first": day_first, "month_first": month_first, "auto": auto}


def read(texts, order: str):
    plain = text_graph.plain_characters(text_graph.stripped(texts))
    return date_graph.read_days(plain, order)


def check(texts: list[str], order: str) -> None:
    """A graph reads texts one by one as `read_dates` does."""
    wanted = [
        read_dates(plain_characters(pl.Series([text])), order)[0] for text in texts
    ]
    found = READ[order](tf.constant(texts, tf.string)).numpy()
    expected = np.array([np.nan if each is None else each for each in wanted])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@FEW
@given(st.lists(st.tuples(MOMENTS, st.sampled_from(FORMS)), min_size=1))
@example([(datetime(2000, 2, 29), "%d.%m.%Y"), (datetime(1900, 3, 1), "%Y-%m-%d")])
@example([(datetime(1969, 12, 31, 23, 59, 59), "%Y-%m-%dT%H:%M:%SZ")])
def test_every_date_is_read_in_every_form(moments: list[tuple[datetime, str]]) -> None:
    texts = [
        moment.strftime(form.replace("MON", MONTHS[moment.month - 1]))
        for moment, form in moments
    ]
    for order in ORDERS:
        check(texts, order)


def test_leap_years_and_the_ends_of_months() -> None:
    days = [
        f"{year:04}-{month:02}-{day}"
        for year in (1, 4, 1900, 1904, 1969, 1970, 2000, 2023, 2024, 9999)
        for month in (1, 2, 4, 12)
        for day in (28, 29, 30, 31)
    ]
    check([each.replace("-", "/") for each in days], "auto")
    dates = [
        (each, datetime(*map(int, each.split("-")))) for each in days if valid(each)
    ]
    found = READ["auto"](tf.constant([each for each, _ in dates])).numpy()
    start = datetime(1970, 1, 1)
    assert found.tolist() == [(moment - start) / timedelta(1) for _, moment in dates]


def valid(text: str) -> bool:
    try:
        datetime(*map(int, text.split("-")))
    except ValueError:
        return False
    return True


LETTERS = "[A-Za-zéûÄä]"
WRITTEN = [
    (each + TIME).replace(r"\p{L}", LETTERS).replace(r"\d", "[0-9]")
    for each in PATTERNS
]
assert ORDERED in [each + TIME for each in PATTERNS]


@FEW
@given(
    st.lists(
        st.one_of(
            *(st.from_regex(each, fullmatch=True) for each in WRITTEN),
            st.text("0123456789-/. :TZ+,apm年月日", max_size=12),
        ),
        min_size=1,
    ),
    st.sampled_from(ORDERS),
)
def test_texts_that_look_like_dates_are_read_alike(
    texts: list[str], order: str
) -> None:
    kept = [text.strip() for text in texts if text.strip()]
    check(kept, order)


@pytest.mark.parametrize(
    "text",
    [
        "5. März 2024", "1 août 99", "Dec 24th, 1999 11:59 PM",
        "12 juil 1968 12:00 a.m.", "2024年1月5日 12:30", "２０２４-０１-０５",
        "٢٠٢٤/٠١/٠٥", "Mon, 1 Jan 2024 00:00 GMT", "№№ 5 Jan 2024", "5 №№№ 2024",
        "1/2/03", "13/2/2003", "2/13/2003", "1-2-68", "20240229 23:59:60",
        "2024-01-05 12:30:05,5 -0330", "2024", "1/2/2003 25:00",
    ],
)  # fmt: skip
def test_forms_of_people(text: str) -> None:
    for order in ORDERS:
        check([text], order)


@FEW
@given(st.lists(MOMENTS, min_size=1))
@example([datetime(1970, 1, 1), datetime(2024, 12, 31, 12), datetime(1900, 1, 1)])
def test_the_rows_of_days(moments: list[datetime]) -> None:
    start = datetime(1970, 1, 1, tzinfo=timezone.utc)
    days = np.array(
        [(each.replace(tzinfo=timezone.utc) - start) / timedelta(1) for each in moments]
    )
    from dlstudio.data.columns import Numbers

    rows = DATE.encode(Numbers(days), {"fill": 0.0}, Feature("dlstudio.features.date"))
    found = date_graph.calendar_rows(tf.constant(days, tf.float64)).numpy()
    np.testing.assert_allclose(found, rows, rtol=1e-6, atol=1e-5)
